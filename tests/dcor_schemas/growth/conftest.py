"""Drafts that grow in two ways: ours and CKAN's."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ckan import model

from tests.dcor_schemas.auth.conftest import count_statements, status
from tests.dcor_schemas.properties.conftest import undone

from ckanext.dcor_schemas.growth import request, write
from ckanext.dcor_schemas.uploads import ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["count_statements", "status", "undone"]


@pytest.fixture
def uploaded(person, circle) -> Callable[..., str]:
    """Notes an upload as if its file had been found on the object store; its id."""

    def note(size: int = 5, etag: str = "0" * 32) -> str:
        resource_id = str(uuid.uuid4())
        ledger.note_allowed(resource_id, person.id, circle["id"], size)
        ledger.note_found(resource_id, size=size, etag=etag, settled=True)
        model.Session.commit()
        return resource_id

    return note


@pytest.fixture(autouse=True)
def without_store(monkeypatch) -> None:
    """The object store is not asked."""
    from ckanext.dcor_schemas.uploads import prepare

    monkeypatch.setattr(prepare, "look_at_uploads", lambda *_args, **_kwargs: None)


@pytest.fixture
def ckans_way(monkeypatch) -> Callable:
    """A block in which everything is done by CKAN."""

    @contextmanager
    def block() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(request, "recognise", lambda *_args: None)
            yield

    return block


@pytest.fixture
def our_way(monkeypatch) -> list[bool]:
    """Whether each call was answered in our way."""
    answered: list[bool] = []
    original = write.add_resources

    def noting(*args):
        result = original(*args)
        answered.append(result is not None)
        return result

    monkeypatch.setattr(write, "add_resources", noting)
    return answered
