"""The cast of the rules' tests, and requests that leave nothing behind."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ckan import model

from tests.dcor_schemas.auth.conftest import cast, new_dataset, status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

__all__ = ["cast", "new_dataset", "status"]


@pytest.fixture
def undone(tx: None) -> Callable[[], AbstractContextManager[None]]:
    """A block whose changes of the database are undone at its end: one example of many."""

    @contextmanager
    def block() -> Iterator[None]:
        model.Session.remove()
        savepoint = model.Session.get_bind().begin_nested()
        try:
            yield
        finally:
            model.Session.remove()
            savepoint.rollback()

    return block
