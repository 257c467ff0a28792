"""Unmodified dclab against a served instance: what researchers do with `dcserv` and its basins."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dclab
import numpy as np
import pytest
import requests
from dclab.rtdc_dataset.fmt_dcor import RTDC_DCOR
from dclab.rtdc_dataset.fmt_dcor.api import APIHandler, DCORAccessError

from dcor_shared.testing.measurements import table_with_gaps, write_measurement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.harness.people import Person
    from tests.harness.served import Served

EVENTS = 40
PATIENCE = 120


@dataclass(frozen=True)
class Uploaded:
    """A processed measurement on the served instance and its local copy."""

    id: str
    dataset: str
    path: Path
    url: str


@pytest.fixture(autouse=True)
def no_remembered_keys() -> Iterator[None]:
    """dclab remembers tokens for the whole process."""
    APIHandler.api_keys.clear()
    yield
    APIHandler.api_keys.clear()


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The queries that dclab sends to `dcserv`, in order."""
    queries: list[str] = []
    send = APIHandler._get

    def note(self: APIHandler, query: str, *args: Any, **kwargs: Any) -> Any:
        queries.append(query)
        return send(self, query, *args, **kwargs)

    monkeypatch.setattr(APIHandler, "_get", note)
    return queries


@pytest.fixture(scope="module")
def measurement_path(tmp_path_factory) -> Path:
    """A synthetic measurement with everything that clients can ask for."""
    return write_measurement(
        tmp_path_factory.mktemp("data") / "cells.rtdc",
        events=EVENTS,
        contour=True,
        fluorescence=True,
        logs={"hans": ["peter", "größer"]},
        tables={
            "gaps": table_with_gaps(),
            "integers": {"number": np.arange(4), "square": np.arange(4) ** 2},
            "profile": np.arange(12, dtype=np.uint8).reshape(3, 4),
        },
    )


@pytest.fixture(scope="module")
def upload(served) -> Callable[..., Uploaded]:
    """Uploads a file the way clients do and waits until it is processed."""
    circle = served.call("organization_create", served.person, name="dclab-tests")["id"]

    def do(path: Path, *, private: bool) -> Uploaded:
        dataset = served.call(
            "package_create",
            served.person,
            title=f"dclab {path.name}",
            owner_org=circle,
            private=private,
            state="draft",
            authors="Peter Fly Pan",
            license_id="CC-BY-4.0",
        )["id"]
        resource = add_file(served, circle, dataset, path)
        served.call(
            "package_revise", served.person, match={"id": dataset}, update={"state": "active"}
        )
        wait_for_condensed(served, resource)
        url = f"{served.url}/api/3/action/dcserv?id={resource}"
        return Uploaded(resource, dataset, path, url)

    return do


def add_file(served: Served, circle: str, dataset: str, path: Path) -> str:
    allowed = served.call(
        "resource_upload_s3_urls",
        served.person,
        organization_id=circle,
        file_size=path.stat().st_size,
    )
    (url,) = allowed["upload_urls"]
    requests.put(url, data=path.read_bytes(), timeout=60).raise_for_status()
    new = {"id": allowed["resource_id"], "name": path.name, "s3_available": True}
    served.call(
        "package_revise",
        served.person,
        match={"id": dataset},
        update__resources__extend=[new],
    )
    return allowed["resource_id"]


def wait_for_condensed(served: Served, resource: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        basins = served.call("dcserv", served.person, id=resource, query="basins")
        if "features" in basins[0]:
            return
        time.sleep(0.5)
    pytest.fail(f"resource {resource} was not condensed within {PATIENCE} s")


@pytest.fixture(scope="module")
def public(upload, measurement_path) -> Uploaded:
    return upload(measurement_path, private=False)


@pytest.fixture(scope="module")
def private(upload, measurement_path) -> Uploaded:
    return upload(measurement_path, private=True)


def opened(uploaded: Uploaded, person: Person | None = None, **kwargs: Any) -> RTDC_DCOR:
    key = person.token if person else ""
    return RTDC_DCOR(uploaded.url, api_key=key, remember_api_key=False, **kwargs)


@pytest.fixture
def local(measurement_path) -> Iterator[Any]:
    with dclab.new_dataset(measurement_path) as ds:
        yield ds


# opening


def test_opening_asks_once(public, asked):
    with opened(public) as ds:
        assert len(ds) == EVENTS
    assert asked == ["metadata"]


def test_opening_by_id_and_host(public, served):
    host = served.url.removeprefix("http://")
    with dclab.new_dataset(public.id, host=host, use_ssl=False) as ds:
        assert len(ds) == EVENTS


def test_metadata_are_those_of_the_file(public, local):
    with opened(public) as ds:
        for section in ("experiment", "imaging", "setup", "fluorescence"):
            for key, value in local.config[section].items():
                found = ds.config[section][key]
                assert found == value, f"{section}:{key}"
                assert isinstance(found, type(value)), f"{section}:{key}"


def test_private_data_need_a_token(private, served):
    with pytest.raises(DCORAccessError, match="Access denied"):
        opened(private)
    with opened(private, served.person) as ds:
        assert len(ds) == EVENTS


def test_wrong_token_is_no_token(private, public):
    with pytest.raises(DCORAccessError, match="not authorized to read resource"):
        RTDC_DCOR(private.url, api_key="wrong", remember_api_key=False)
    with RTDC_DCOR(public.url, api_key="wrong", remember_api_key=False) as ds:
        assert len(ds) == EVENTS


def test_unknown_resource(served):
    url = f"{served.url}/api/3/action/dcserv?id=00000000-0000-4000-8000-000000000000"
    with pytest.raises(DCORAccessError, match="Not found"):
        RTDC_DCOR(url)


# features


@pytest.fixture(params=["public", "private"])
def remote(request, served) -> Iterator[RTDC_DCOR]:
    """The measurement, opened remotely: public without a token, private with one."""
    uploaded = request.getfixturevalue(request.param)
    person = served.person if request.param == "private" else None
    with opened(uploaded, person) as ds:
        yield ds


@pytest.mark.parametrize("feature", ["deform", "area_um", "bright_avg", "fl1_max", "time"])
def test_scalar_features(remote, local, feature):
    np.testing.assert_array_equal(remote[feature][:], local[feature][:])


def test_volume_comes_from_the_condensed_file(remote, local):
    assert "volume" not in local.features_innate
    np.testing.assert_allclose(remote["volume"][:], local["volume"][:], rtol=1e-6)
    condensed, original = remote.basins_get_dicts()
    assert "volume" in condensed["features"]
    assert "volume" not in original["features"]


@pytest.mark.parametrize("feature", ["image", "image_bg", "mask"])
def test_pictures(remote, local, feature):
    assert remote[feature].shape == local[feature].shape
    np.testing.assert_array_equal(remote[feature][3], local[feature][3])
    np.testing.assert_array_equal(remote[feature][2:5], local[feature][2:5])


def test_contour(remote, local):
    assert len(remote["contour"]) == EVENTS
    np.testing.assert_array_equal(remote["contour"][7], local["contour"][7])


def test_traces(remote, local):
    assert sorted(remote["trace"].keys()) == sorted(local["trace"].keys())
    np.testing.assert_array_equal(remote["trace"]["fl1_raw"][5], local["trace"]["fl1_raw"][5])


def test_only_features_that_are_there_are_promised(remote):
    for basin in remote.basins_get_dicts():
        assert basin["features"] == sorted(basin["features"])
    assert "ml_class" not in remote
    with pytest.raises(KeyError):
        remote["userdef1"]


def test_features_come_from_two_basins_and_nothing_else_is_asked(public, asked):
    with opened(public) as ds:
        assert ds.features_innate == []
        ds["deform"][:]
        ds["volume"][:]
        ds["image"][0]
        assert [basin.name[:9] for basin in ds.basins] == ["condensed", "resource-"]
    assert asked == ["metadata", "basins"]


def test_identifiers_of_basins_agree(remote, local):
    identifier = remote.get_measurement_identifier()
    assert identifier == local.get_measurement_identifier()
    for basin in remote.basins:
        assert basin.ds.get_measurement_identifier() == identifier


def test_expired_links_are_renewed_by_name(private, served, asked):
    with opened(private, served.person) as ds:
        ds["deform"][:]
        basin = ds.basins[0]
        before = basin.location
        basin.perishable.expiration_kwargs = {"time_local_expiration": 0}
        basin.location = "http://127.0.0.1:9/expired"
        ds.cache_basin_dict_time = -1
        asked.clear()
        assert len(ds["area_um"][:]) == EVENTS
        assert basin.location.split("?")[0] == before.split("?")[0]
        assert not basin.perishable.perished()
    assert "basins" in asked


# logs and tables


def test_logs(remote, local):
    assert remote.logs["hans"] == local.logs["hans"] == ["peter", "größer"]
    assert "dclab-condense" in remote.logs


def test_table_with_gaps(remote):
    expected = table_with_gaps()
    table = remote.tables["gaps"]
    assert list(table.keys()) == ["time", "pressure"]
    for name, values in expected.items():
        np.testing.assert_array_equal(np.ravel(table[name]), values)


def test_table_of_integers(remote):
    table = remote.tables["integers"]
    np.testing.assert_array_equal(np.ravel(table["number"]), np.arange(4))
    np.testing.assert_array_equal(np.ravel(table["square"]), np.arange(4) ** 2)


def test_unnamed_table(remote):
    table = remote.tables["profile"]
    assert table.keys() is None
    np.testing.assert_array_equal(table[:], np.arange(12).reshape(3, 4))


# files


@pytest.mark.parametrize("kind", ["public", "private"])
def test_condensed_file_can_be_downloaded_and_opened(request, served, local, tmp_path, kind):
    uploaded = request.getfixturevalue(kind)
    headers = served.person.headers if kind == "private" else {}
    url = f"{served.url}/dataset/{uploaded.dataset}/resource/{uploaded.id}/condensed.rtdc"
    answer = requests.get(url, headers=headers, timeout=60)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cells_condensed.rtdc"'
    path = tmp_path / "cells_condensed.rtdc"
    path.write_bytes(answer.content)
    with dclab.new_dataset(path) as ds:
        assert {"deform", "volume"} <= set(ds.features_innate)
        assert "image" not in ds.features_innate
        np.testing.assert_allclose(ds["volume"][:], local["volume"][:], rtol=1e-6)


def test_private_files_are_not_there_for_others(private, served):
    base = f"{served.url}/dataset/{private.dataset}/resource/{private.id}"
    for kind in ("condensed.rtdc", "download/cells.rtdc"):
        answer = requests.get(f"{base}/{kind}", timeout=60, allow_redirects=False)
        assert answer.status_code == 404


def test_downloaded_original_is_the_file(public, served):
    url = f"{served.url}/dataset/{public.dataset}/resource/{public.id}/download/cells.rtdc"
    answer = requests.get(url, headers=served.person.headers, timeout=60)
    assert answer.content == public.path.read_bytes()


def test_public_basin_opens_as_a_file(public, local):
    with opened(public) as ds:
        (url,) = ds.basins_get_dicts()[1]["urls"]
    with dclab.new_dataset(url) as ds:
        np.testing.assert_array_equal(ds["deform"][:], local["deform"][:])


# real measurements


@pytest.fixture(scope="module")
def beads(upload, real_data) -> Uploaded:
    return upload(real_data / "calibration_beads_47.rtdc", private=False)


@pytest.fixture(scope="module")
def blood(upload, real_data) -> Uploaded:
    return upload(real_data / "cytoshot_blood.rtdc", private=True)


def test_calibration_beads(beads):
    with opened(beads) as ds:
        assert len(ds) == 47
        assert ds.config["experiment"]["sample"] == "calibration_beads"
        assert ds.config["setup"]["identifier"] == "ZMDD-AcC-fe3cdd-2a2250"
        assert ds.logs["hans"][0] == "peter"
        assert ds["deform"][0] == pytest.approx(0.011666297, rel=1e-6)
        assert np.mean(ds["image"][0]) == pytest.approx(47.15595, abs=1e-4)
        assert len(ds["trace"]["fl1_raw"][0]) == 177
        condensed, original = ds.basins_get_dicts()
        assert len(original["features"]) == 34
        assert len(condensed["features"]) == 33
        assert {"index", "time", "volume"} <= set(condensed["features"])
        with dclab.new_dataset(beads.path) as local:
            np.testing.assert_allclose(ds["volume"][:], local["volume"][:], rtol=1e-6)


def test_cytoshot_blood(blood, served):
    with opened(blood, served.person) as ds:
        assert len(ds) == 8
        with dclab.new_dataset(blood.path) as local:
            table, expected = (one.tables["src_cytoshot_monitor"] for one in (ds, local))
            # dclab presents remote tables with one more dimension
            np.testing.assert_array_equal(
                np.ravel(table["brightness"]), np.ravel(expected["brightness"])
            )
            np.testing.assert_allclose(ds["volume"][:], local["volume"][:], rtol=1e-6)
        assert len(ds.basins_get_dicts()[0]["features"]) == 50
