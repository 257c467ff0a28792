"""What tests of dclab do again and again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests
from dclab.rtdc_dataset.fmt_dcor import RTDC_DCOR

if TYPE_CHECKING:
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


def opened(uploaded: Uploaded, person: Person | None = None, **kwargs: Any) -> RTDC_DCOR:
    key = person.token if person else ""
    return RTDC_DCOR(uploaded.url, api_key=key, remember_api_key=False, **kwargs)
