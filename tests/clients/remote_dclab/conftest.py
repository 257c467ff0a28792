"""Unmodified dclab against a served instance, and what it asks the site for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dclab
import numpy as np
import pytest
from dclab.rtdc_dataset.fmt_dcor.api import APIHandler

from dcor_shared.testing.measurements import table_with_gaps, write_measurement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dclab.rtdc_dataset.fmt_dcor import RTDC_DCOR

from tests.clients.remote_dclab.acting import EVENTS, Uploaded, add_file, opened, wait_for_condensed


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


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def public(upload, measurement_path) -> Uploaded:
    return upload(measurement_path, private=False)


@pytest.fixture(scope="package")
def private(upload, measurement_path) -> Uploaded:
    return upload(measurement_path, private=True)


@pytest.fixture
def local(measurement_path) -> Iterator[Any]:
    with dclab.new_dataset(measurement_path) as ds:
        yield ds


@pytest.fixture(params=["public", "private"])
def remote(request, served) -> Iterator[RTDC_DCOR]:
    """The measurement, opened remotely: public without a token, private with one."""
    uploaded = request.getfixturevalue(request.param)
    person = served.person if request.param == "private" else None
    with opened(uploaded, person) as ds:
        yield ds
