"""Measurements that were derived from others: uploaded backwards, linked by real workers.

Clients accept basins only at sites with a name and without a port, which no served instance has.
So the workers are run with another site URL here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

import dclab
import h5py
import numpy as np
import pytest
import requests

from dcor_control.local import supervisor, web
from dcor_shared.testing.datasets import upload_presigned_to_s3
from dcor_shared.testing.measurements import write_measurement

SITE = "https://dcor.example.org"
WORKERS = ["worker-short", "worker-long"]
QUEUES = ["dcor-short", "dcor-normal", "dcor-long"]
PATIENCE = 120


def settings(served) -> dict:
    """How programs of the instance are started."""
    variables = web.environment(served.layout) | {"CKAN_SITE_URL": SITE}
    return {
        "env": os.environ | variables,
        "cwd": served.layout.scratch,
        **served.layout.account.identity(),
    }


@pytest.fixture(scope="module")
def named_site(served):
    """The served instance with a worker that believes that the site has a name."""
    supervisor.stop_programs(served.layout, WORKERS)
    command = [sys.executable, "-m", "dcor_control", "worker", *QUEUES]
    worker = subprocess.Popen(command, **settings(served))
    yield served
    worker.terminate()
    worker.wait(60)
    supervisor.start_programs(served.layout, WORKERS)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """A measurement, and a filtered export of it as people make them."""
    folder = tmp_path_factory.mktemp("derived")
    anakin = write_measurement(folder / "anakin.rtdc", events=12)
    with h5py.File(anakin, "a") as h5:
        h5["events/userdef3"] = np.arange(12.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with dclab.new_dataset(anakin) as ds:
            ds.filter.manual[:5] = False
            ds.apply_filter()
            ds.export.hdf5(folder / "rey.rtdc", features=["deform"], basins=True)
    return folder


@pytest.fixture(scope="module")
def dataset(named_site) -> str:
    circle = named_site.call("organization_create", named_site.person, name="linked-tests")["id"]
    return named_site.call(
        "package_create",
        named_site.person,
        title="Linked",
        owner_org=circle,
        private=False,
        state="draft",
        authors="Peter Fly Pan",
        license_id="CC-BY-4.0",
    )["id"]


def upload(served, dataset: str, path: Path) -> str:
    person = served.person
    circle = served.call("package_show", person, id=dataset)["owner_org"]
    size = path.stat().st_size
    given = served.call("resource_upload_s3_urls", person, organization_id=circle, file_size=size)
    upload_presigned_to_s3(path, given["upload_urls"], given["complete_url"])
    new = {"id": given["resource_id"], "name": path.name, "s3_available": True}
    served.call("package_revise", person, match={"id": dataset}, update__resources__extend=[new])
    return given["resource_id"]


def wait_until_finished(served, *resources: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = [
            served.call("dcserv", served.person, id=one, query="status", version="3")
            for one in resources
        ]
        if all(status["finished"] for status in found):
            return
        time.sleep(0.5)
    pytest.fail(f"not finished within {PATIENCE} s: {found}")


def condensed_features(served, resource: str) -> set[str]:
    basins = served.call("dcserv", served.person, id=resource, query="basins")
    return set(basins[0]["features"])


@pytest.fixture(scope="module")
def derived(named_site, dataset, files) -> tuple[str, set[str]]:
    """The export, uploaded and condensed before the measurement it was made of."""
    rey = upload(named_site, dataset, files / "rey.rtdc")
    wait_until_finished(named_site, rey)
    return rey, condensed_features(named_site, rey)


@pytest.fixture(scope="module")
def upstream(named_site, dataset, derived, files) -> str:
    """What it was made of, uploaded after it."""
    anakin = upload(named_site, dataset, files / "anakin.rtdc")
    wait_until_finished(named_site, anakin, derived[0])
    return anakin


def test_features_of_an_upstream_that_came_later_are_offered(named_site, derived, upstream):
    rey, before = derived
    assert not {"userdef3", "volume", "image"} & before
    assert {"userdef3", "volume", "image"} <= condensed_features(named_site, rey)


def test_the_condensed_file_leads_to_the_upstream(named_site, dataset, derived, upstream, tmp_path):
    url = f"{named_site.url}/dataset/{dataset}/resource/{derived[0]}/condensed.rtdc"
    path = tmp_path / "condensed.rtdc"
    answer = requests.get(url, headers=named_site.person.headers, timeout=60)
    path.write_bytes(answer.content)
    with dclab.new_dataset(path, enable_basins=False) as ds:
        found = {basin["name"]: basin for basin in ds.basins_get_dicts()}
    basin = found["DCOR intra-dataset for anakin.rtdc"]
    assert basin["urls"] == [f"{SITE}/api/3/action/dcserv?id={upstream}"]
    assert basin["mapping"] == "basinmap0"
    with h5py.File(path) as h5:
        np.testing.assert_array_equal(h5["events/basinmap0"], np.arange(5, 12))


def test_the_command_does_it_again_in_several_processes(named_site, dataset, derived, upstream):
    before = condensed_features(named_site, derived[0])
    ckan = str(Path(sys.prefix) / "bin" / "ckan")
    command = [ckan, "-c", str(named_site.layout.ini), "run-jobs-dc-serve", "--dataset", dataset]
    done = subprocess.run(
        [*command, "--override", "--jobs", "2"],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
        **settings(named_site),
    )
    assert "2 condensed, 0 left alone" in done.stdout
    assert condensed_features(named_site, derived[0]) == before
