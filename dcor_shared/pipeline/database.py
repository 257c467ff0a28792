"""Database sessions of worker code: own transactions on CKAN's engine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from ckan import model

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def session() -> Iterator[Session]:
    """A new session that commits at the end, or rolls back when an exception leaves the block.

    It is bound to whatever CKAN's own session is bound to: normally the engine; in a test the
    connection whose outer transaction is rolled back, so that nothing stays behind.
    Code that runs inside a request uses ``model.Session`` instead.
    """
    # A plain session: the listeners of CKAN's own one belong to requests.
    own = Session(**model.Session.session_factory.kw)
    try:
        yield own
        own.commit()
    finally:
        # rolls back what was not committed
        own.close()
