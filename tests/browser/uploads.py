"""Measurements on a served instance, uploaded as a client does it."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.harness.served import Served

PATIENCE = 300


@dataclass(frozen=True)
class Dataset:
    """An active dataset whose resources are processed.

    Attributes
    ----------
    id
        Its id.
    resources
        Ids of the resources by name of the file.
    """

    id: str
    resources: dict[str, str]

    def page(self, name: str) -> str:
        """Path of the page of a resource."""
        return f"/dataset/{self.id}/resource/{self.resources[name]}"


def upload(served: Served, paths: Sequence[Path], *, private: bool, **fields: str) -> Dataset:
    """Upload files in a circle of their own, and wait for their overviews.

    Parameters
    ----------
    fields
        What is said about each resource.
    """
    name = f"browser-{uuid.uuid4().hex[:8]}"
    circle = served.call("organization_create", served.person, name=name)["id"]
    about = {"title": "For the browser", "authors": "Peter Fly Pan", "license_id": "CC-BY-4.0"}
    dataset = served.call(
        "package_create",
        served.person,
        owner_org=circle,
        private=private,
        state="draft",
        **about,
    )["id"]
    resources = {path.name: _add(served, circle, dataset, path, fields) for path in paths}
    made = Dataset(dataset, resources)
    for file_name in resources:
        if file_name.endswith(".rtdc"):
            _wait(served, made.page(file_name))
    served.call("package_revise", served.person, match={"id": dataset}, update={"state": "active"})
    return made


def _add(served: Served, circle: str, dataset: str, path: Path, fields: dict[str, str]) -> str:
    allowed = served.call(
        "resource_upload_s3_urls",
        served.person,
        organization_id=circle,
        file_size=path.stat().st_size,
    )
    (url,) = allowed["upload_urls"]
    requests.put(url, data=path.read_bytes(), timeout=120).raise_for_status()
    new = {"id": allowed["resource_id"], "name": path.name, "s3_available": True} | fields
    served.call(
        "package_revise", served.person, match={"id": dataset}, update__resources__extend=[new]
    )
    return allowed["resource_id"]


def _wait(served: Served, page: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = requests.get(
            f"{served.url}{page}/view.json", headers=served.person.headers, timeout=60
        )
        state = answer.json()
        if state["pipeline"]["finished"]:
            assert not state["pipeline"]["failed"], state["pipeline"]
            return state
        time.sleep(0.5)
    raise TimeoutError(f"{page} was not processed within {PATIENCE} s")
