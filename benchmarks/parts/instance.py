"""A served instance for benchmarks, on the services of the test harness."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import requests

from tests.harness import places, runs, services
from tests.harness.served import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.harness.served import Served

_PATIENCE = 600


@contextmanager
def instance(store_at: Callable[[str], str] | None = None) -> Iterator[Served]:
    """Serve an instance; services that do not run are started for it, and stopped at its end.

    Parameters
    ----------
    store_at
        Gives the address by which the instance knows the object store, from its own address.
    """
    with services.lock("use", shared=True):
        found, _started = services.up()
        if store_at is not None:
            found = replace(found, s3_endpoint=store_at(found.s3_endpoint))
        with runs.taken(found) as run, serve(found, run) as served:
            yield served
    if not places.KEPT_FILE.exists() and services.is_unused():
        services.down()


@dataclass(frozen=True)
class Uploaded:
    """A measurement that was processed completely.

    Attributes
    ----------
    id, dataset, circle
        Ids of the resource, its dataset and its circle.
    """

    id: str
    dataset: str
    circle: str


def upload(served: Served, path: Path, *, private: bool) -> Uploaded:
    """Upload a file like a client does, in a circle of its own, and wait for its processing."""
    name = f"bench-{'private' if private else 'public'}-{time.time_ns()}"
    circle = served.call("organization_create", served.person, name=name)["id"]
    dataset = _new_dataset(served, circle, private=private)
    resource = _add_file(served, circle, dataset, path)
    wait_for(served, resource, "described")
    served.call("package_revise", served.person, match={"id": dataset}, update={"state": "active"})
    wait_for(served, resource, "finished")
    return Uploaded(resource, dataset, circle)


def wait_for(served: Served, resource: str, what: str) -> None:
    """Wait until the processing of a resource has come so far (a key of the query ``status``)."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        status = served.call("dcserv", served.person, id=resource, query="status", version="3")
        if status[what]:
            return
        time.sleep(0.5)
    raise TimeoutError(f"resource {resource} was not {what} within {_PATIENCE} s: {status}")


def _new_dataset(served: Served, circle: str, *, private: bool) -> str:
    fields = {
        "title": f"Benchmark {time.time_ns()}",
        "owner_org": circle,
        "private": private,
        "state": "draft",
        "authors": "Peter Fly Pan",
        "license_id": "CC-BY-4.0",
    }
    created = served.call("package_create", served.person, **fields)
    return str(created["id"])


def _add_file(served: Served, circle: str, dataset: str, path: Path) -> str:
    size = path.stat().st_size
    allowed = served.call(
        "resource_upload_s3_urls", served.person, organization_id=circle, file_size=size
    )
    (url,) = allowed["upload_urls"]
    with path.open("rb") as file:
        requests.put(url, data=file, timeout=600).raise_for_status()
    new = {"id": allowed["resource_id"], "name": path.name, "s3_available": True}
    served.call(
        "package_revise",
        served.person,
        match={"id": dataset},
        update__resources__extend=[new],
    )
    return str(allowed["resource_id"])
