"""The stamp of a reader and a measurement: it changes with everything that an answer depends on.

One statement, on a connection of its own that stays open: no transaction, no look whether the
connection is alive, no plan to be made. When it fails, the connection is given up and the request
goes the long way.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING

import psycopg2

from ckan import model

if TYPE_CHECKING:
    from psycopg2.extensions import connection

log = logging.getLogger(__name__)

_ANONYMOUS = """
PREPARE dc_serve_anonymous(text) AS
SELECT concat_ws('.', r.xmin, p.xmin, d.xmin)
FROM resource r JOIN package p ON p.id = r.package_id
LEFT JOIN dcor_record d ON d.resource_id = r.id
WHERE r.id = $1
"""
# The two kinds of membership rows are found by one index (table_id); `up` are the circles above
# the dataset's circle, whose members may have rights that cascade down.
_IDENTIFIED = """
PREPARE dc_serve_identified(text, text) AS
SELECT concat_ws('.', r.xmin, p.xmin, d.xmin, t.xmin, u.xmin,
  CASE WHEN p.private OR p.state <> 'active' THEN (
    WITH RECURSIVE up AS (
        SELECT p.owner_org AS id, '' AS version, 0 AS depth
        UNION
        SELECT m.table_id, m.id || m.xmin, up.depth + 1 FROM up
        JOIN member m ON m.group_id = up.id AND m.table_name = 'group' WHERE up.depth < 20
    ), versions AS (
        SELECT m.id || '.' || m.xmin || '.' || g.xmin AS version
        FROM member m LEFT JOIN "group" g ON g.id = m.group_id
        WHERE m.table_id IN (u.id, p.id)
        UNION ALL
        SELECT up.version || '.' || g.xmin FROM up JOIN "group" g ON g.id = up.id
        UNION ALL
        SELECT 'with' || c.xmin FROM package_member c WHERE c.package_id = p.id AND c.user_id = u.id
    ) SELECT md5(string_agg(version, ',' ORDER BY version)) FROM versions
  ) END)
FROM resource r JOIN package p ON p.id = r.package_id
LEFT JOIN dcor_record d ON d.resource_id = r.id
JOIN api_token t ON t.id = $2 JOIN "user" u ON u.id = t.user_id
WHERE r.id = $1
"""
_TIMEOUT = "SET statement_timeout = 5000"

_own = threading.local()


def stamp(resource_id: str, token_id: str | None) -> str | None:
    """Stamp of a measurement for the holder of a token, or for everybody.

    Parameters
    ----------
    resource_id
        The measurement.
    token_id
        Id of the API token; None for anonymous readers.

    Returns
    -------
    stamp
        None if there is no such resource or token, or the database did not answer.
    """
    try:
        with _connection().cursor() as cursor:
            if token_id is None:
                cursor.execute("EXECUTE dc_serve_anonymous(%s)", (resource_id,))
            else:
                cursor.execute("EXECUTE dc_serve_identified(%s, %s)", (resource_id, token_id))
            row = cursor.fetchone()
    except psycopg2.Error as error:
        log.warning("Answers are not taken from memory for now: %s", str(error).strip())
        disconnect()
        return None
    return None if row is None else str(row[0])


def disconnect() -> None:
    """Close the connection of this thread; the next stamp opens another one."""
    if (link := _own.__dict__.pop("link", None)) is not None:
        link.close()


def _connection() -> connection:
    # a forked process must not use what its parent has opened
    if getattr(_own, "pid", None) != os.getpid():
        _own.__dict__.clear()
        _own.pid = os.getpid()
    if (link := getattr(_own, "link", None)) is None:
        link = _own.link = _connect()
    return link


def _connect() -> connection:
    engine = model.meta.engine
    positional, named = engine.dialect.create_connect_args(engine.url)
    link = psycopg2.connect(*positional, **named)
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in (_TIMEOUT, _ANONYMOUS, _IDENTIFIED):
            cursor.execute(statement)
    return link
