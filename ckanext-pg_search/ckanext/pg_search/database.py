"""How the index uses CKAN's database session.

Searches and changes run on the connection of CKAN's session, so a dataset and its index entry are
committed or rolled back together, and a transaction sees its own changes. Each piece of work has a
savepoint: what fails here never spoils the transaction of the caller.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from psycopg2.errors import QueryCanceled, UndefinedTable
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from ckan import model

from ckanext.pg_search.errors import IndexMissingError, IndexNotReachableError, QueryTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTINGS = {
    # An index finds words and values faster than PostgreSQL believes: it takes unpacking a large
    # document for cheap and would rather read them all, in the order of the table or of a key.
    "enable_seqscan": "off",
    "enable_indexscan": "off",
    # Both cost more than any search takes.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
_SET = sa.text(
    "SELECT name, current_setting(name) AS before, set_config(name, value, true)"
    " FROM unnest(CAST(:names AS text[]), CAST(:values AS text[])) AS wanted (name, value)"
)
_HAS_WRITTEN = sa.text("SELECT txid_current_if_assigned() IS NOT NULL")


@contextmanager
def searching(seconds: float) -> Iterator[sa.Connection]:
    """Give the connection of CKAN's session inside a savepoint, with settings for searches.

    The settings end with the search.

    Parameters
    ----------
    seconds
        Longest time of one statement.

    Raises
    ------
    QueryTooLargeError
        If a statement takes longer.
    IndexMissingError, IndexNotReachableError
        As in :func:`savepoint`.
    """
    with savepoint() as connection:
        before = _set(connection, _SETTINGS | {"statement_timeout": str(int(seconds * 1000))})
        yield connection
        _set(connection, before)


@contextmanager
def savepoint() -> Iterator[sa.Connection]:
    """Give the connection of CKAN's session inside a savepoint.

    The savepoint is made on the connection, not on the session: objects that the caller has not
    written yet stay unwritten.

    Raises
    ------
    IndexMissingError
        If the tables do not exist.
    IndexNotReachableError
        If the database refuses the work for another reason; nothing of it remains.
    """
    try:
        connection = model.Session.connection()
        with connection.begin_nested():
            yield connection
    except (SQLAlchemyError, ValueError) as error:
        raise _explained(error) from error


def is_alone() -> bool:
    """Tell whether nobody has written anything in the transaction of CKAN's session."""
    session = model.Session()
    if session.in_nested_transaction() or session.new or session.dirty or session.deleted:
        return False
    return not session.connection().scalar(_HAS_WRITTEN)


def commit() -> None:
    """Commit CKAN's session, unless it is inside a savepoint: then its owner commits."""
    if not model.Session().in_nested_transaction():
        model.Session.commit()


def _set(connection: sa.Connection, settings: dict[str, str]) -> dict[str, str]:
    """Change settings of the transaction; returns what they were before."""
    wanted = {"names": list(settings), "values": list(settings.values())}
    return {row.name: row.before for row in connection.execute(_SET, wanted)}


def _explained(error: Exception) -> Exception:
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, UndefinedTable):
        return IndexMissingError(
            f"The tables of the search index are missing, run 'ckan db upgrade': {cause}"
        )
    if isinstance(cause, QueryCanceled):
        return QueryTooLargeError("The search took too long: search for less, or without wildcards")
    if isinstance(error, OperationalError) and error.connection_invalidated:
        return IndexNotReachableError(f"Failed to connect to server: {cause}")
    return IndexNotReachableError(
        f"PostgreSQL refused the work on the search index: {str(error)[:1000]}"
    )
