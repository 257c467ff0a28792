"""Measurements whose processing is over, made of database rows: what dcserv reads and no more."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline.steps import Queue
from tests.harness.rows import (
    ETAG,
    circle,
    member,
    note_record,
    note_step,
    put_object,
    store,
    stranger,
)

__all__ = ["circle", "member", "note_record", "note_step", "put_object", "store", "stranger"]


@pytest.fixture
def description() -> dict[str, Any]:
    """What the step ``describe`` would have noted of a small measurement."""
    return {
        "metadata": {
            "experiment": {"event count": 47, "run index": 1, "sample": "calibration_beads"},
            "setup": {"channel width": 20.0},
        },
        "features": ["trace", "deform", "area_um", "image"],
        "trace_list": ["fl1_raw", "fl1_median"],
        "logs": {"hans": ["peter"]},
        "tables": {"monitor": [["brightness"], [[[1]], [[2]]]]},
    }


@dataclass(frozen=True)
class Measurement:
    """A resource with its dataset and circle."""

    id: str
    package_id: str
    circle_id: str


@pytest.fixture
def make_resource(circle):
    """Makes a resource in a dataset of its own; ``extras`` and the rest are columns."""

    def make(*, private: bool = False, state: str = "active", **columns: Any) -> Measurement:
        package = model.Package(
            name=f"dataset-{uuid.uuid4()}", owner_org=circle, private=private, state=state
        )
        model.Session.add(package)
        model.Session.flush()
        resource_id = str(uuid.uuid4())
        values = {
            "url": f"/dataset/{package.id}/resource/{resource_id}/download/beads.rtdc",
            "name": "beads.rtdc",
            "url_type": "s3_upload",
            "extras": {"etag": ETAG, "s3_available": True},
        } | columns
        resource = model.Resource(package_id=package.id, **values)
        resource.id = resource_id
        model.Session.add(resource)
        model.Session.commit()
        return Measurement(resource_id, package.id, circle)

    return make


@pytest.fixture
def make_measurement(make_resource, note_record, description):
    """Makes a described resource; `original` changes its description."""

    def make(
        *,
        original: dict[str, Any] | None = None,
        condensed: dict[str, Any] | None = None,
        etag: str = ETAG,
        **columns: Any,
    ) -> Measurement:
        made = make_resource(**columns)
        note_record(made, etag, original=description | (original or {}), condensed=condensed)
        return made

    return make


@pytest.fixture
def messages(tx):
    """Counts the messages about a measurement that wait for workers; removes them afterwards."""
    queues = [tk.get_job_queue(queue) for queue in Queue]

    def count(made: Measurement) -> int:
        return sum(job_id.startswith(made.id) for queue in queues for job_id in queue.job_ids)

    yield count
    for queue in queues:
        queue.empty()


@pytest.fixture
def no_wait(monkeypatch) -> None:
    """Requests do not wait for records."""
    monkeypatch.setitem(tk.config, "ckanext.dc_serve.record_wait", 0)
