"""Measurements whose processing is over, made of database rows: what dcserv reads and no more."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.names import object_name
from dcor_shared.pipeline import records
from dcor_shared.pipeline.model import StepRow
from dcor_shared.pipeline.steps import Queue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcor_shared.objects.names import Artifact
    from dcor_shared.objects.store import ObjectStore

ETAG = "0" * 32


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
def circle(tx) -> str:
    group = model.Group(name=f"circle-{uuid.uuid4()}", type="organization", is_organization=True)
    model.Session.add(group)
    model.Session.flush()
    return group.id


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
def note_record(tx):
    """Notes what steps found out about a measurement."""

    def note(made: Measurement, etag: str = ETAG, **values: Any) -> None:
        records.merge(model.Session(), made.id, etag, values)
        model.Session.commit()

    return note


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
def member(circle, person) -> dict[str, str]:
    """Headers of a member of the circle."""
    group = model.Group.get(circle)
    model.Session.add(
        model.Member(group=group, table_id=person.id, table_name="user", capacity="member")
    )
    model.Session.commit()
    return person.headers


@pytest.fixture
def stranger(new_person) -> dict[str, str]:
    """Headers of a user who belongs to nothing."""
    return new_person().headers


@pytest.fixture
def store(store, monkeypatch, tx) -> ObjectStore:
    """The object store of the test, used by the application as well."""
    name = store.settings.bucket_name
    monkeypatch.setitem(tk.config, "dcor_object_store.bucket_name", name)
    return store


@pytest.fixture
def put_object(store):
    """Puts bytes where an artifact of a measurement belongs."""

    def put(made: Measurement, artifact: Artifact = "resource", data: bytes = b"bytes") -> None:
        name = object_name(store.settings, made.circle_id, made.id, artifact)
        ensure_bucket(store, made.circle_id)
        store.client.put_object(Bucket=name.bucket, Key=name.key, Body=data)

    return put


@pytest.fixture
def note_step(tx):
    """Notes the state of a step of a measurement."""

    def note(made: Measurement, step: str, state: str) -> None:
        model.Session.add(
            StepRow(
                resource_id=made.id,
                step=step,
                version=1,
                queue="dcor-normal",
                etag=ETAG,
                state=state,
                error_code="unreadable",
                error_text="The file cannot be read.",
            )
        )
        model.Session.commit()

    return note


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


@pytest.fixture
def statements():
    """Collects the SQL statements that are executed in a block."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn, _cursor, statement, *_rest) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
                seen.append(statement)

        sa.event.listen(model.meta.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(model.meta.engine, "before_cursor_execute", note)

    return collect
