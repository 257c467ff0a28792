"""Fixtures: measurements as the plugins for readers find them, in rows and objects.

Imported by the ``conftest`` modules that want them; each of these makes its own measurements.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.names import object_name
from dcor_shared.pipeline import records
from dcor_shared.pipeline.model import StepRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from dcor_shared.objects.names import Artifact
    from dcor_shared.objects.store import ObjectStore

    from .people import Person

    class Measurement(Protocol):
        """A resource with its dataset and circle."""

        id: str
        package_id: str
        circle_id: str


#: ETag of objects that nobody looks at.
ETAG = "0" * 32


@pytest.fixture
def circle(tx: None) -> str:
    """Id of a circle without members."""
    group = model.Group(name=f"circle-{uuid.uuid4()}", type="organization", is_organization=True)
    model.Session.add(group)
    model.Session.flush()
    return str(group.id)


@pytest.fixture
def note_record(tx: None) -> Callable[..., None]:
    """Notes what steps found out about a measurement."""

    def note(made: Measurement, etag: str = ETAG, **values: Any) -> None:
        records.merge(model.Session(), made.id, etag, values)
        model.Session.commit()

    return note


@pytest.fixture
def note_step(tx: None) -> Callable[..., None]:
    """Notes the state of a step of a measurement; a failed one has a reason."""

    def note(made: Measurement, step: str, state: str, **more: Any) -> None:
        given = {"version": 1, "queue": "dcor-normal", "etag": ETAG}
        if state == "failed":
            given |= {"error_code": "unreadable", "error_text": "The file cannot be read."}
        model.Session.add(StepRow(resource_id=made.id, step=step, state=state, **(given | more)))
        model.Session.commit()

    return note


@pytest.fixture
def member(circle: str, person: Person) -> dict[str, str]:
    """Headers of a member of the circle who may only read."""
    return join(circle, person, "member")


@pytest.fixture
def stranger(new_person: Callable[[], Person]) -> dict[str, str]:
    """Headers of a user who belongs to nothing."""
    return new_person().headers


def join(circle: str, person: Person, capacity: str) -> dict[str, str]:
    """Let somebody join a circle; the headers of their requests."""
    group = model.Group.get(circle)
    model.Session.add(
        model.Member(group=group, table_id=person.id, table_name="user", capacity=capacity)
    )
    model.Session.commit()
    return person.headers


@pytest.fixture
def store(store: ObjectStore, monkeypatch: pytest.MonkeyPatch, tx: None) -> ObjectStore:
    """The object store of the test, used by the application as well."""
    name = store.settings.bucket_name
    monkeypatch.setitem(tk.config, "dcor_object_store.bucket_name", name)
    return store


@pytest.fixture
def put_object(store: ObjectStore) -> Callable[..., str]:
    """Puts bytes where an artifact of a measurement belongs; their ETag."""

    def put(made: Measurement, artifact: Artifact = "resource", data: bytes = b"bytes") -> str:
        name = object_name(store.settings, made.circle_id, made.id, artifact)
        ensure_bucket(store, made.circle_id)
        answer = store.client.put_object(Bucket=name.bucket, Key=name.key, Body=data)
        return str(answer["ETag"].strip('"'))

    return put
