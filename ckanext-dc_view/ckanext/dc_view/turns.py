"""How many web processes may be busy with events and large records at the same time.

A web process answers one request after the other, and a measurement that is slow to read, or a
record of many megabytes, keeps it for seconds. So a request takes one of a few turns first; where
none is left, it is answered at once with *busy*, and the page asks again a little later. Turns are
locks of the database: they end with the request's transaction, however the request ends.
"""

from __future__ import annotations

import importlib
import zlib

import sqlalchemy as sa

from ckan import model

from ckanext.dc_view import config, errors

#: First half of the locks' names; the second half is the number of the turn.
_NAME = zlib.crc32(b"ckanext.dc_view.turns") - 2**31
_TAKE = sa.text(
    "SELECT turn FROM generate_series(1, :turns) AS turn"
    " WHERE pg_try_advisory_xact_lock(:name, turn) LIMIT 1"
)


def take() -> None:
    """Take a turn until the end of this request's transaction.

    Raises
    ------
    BusyError
        If there is none left.
    """
    if not is_left():
        raise errors.BusyError("Many measurements are being looked at; try again in a moment.")


def is_left() -> bool:
    """Take a turn until the end of this request's transaction; False if there is none left."""
    given = {"turns": config.event_requests() or half_of_the_processes(), "name": _NAME}
    return model.Session.execute(_TAKE, given).first() is not None


def half_of_the_processes() -> int:
    """Half of the processes of this web server; one where it does not say how many it has."""
    try:
        # the module exists within uWSGI only
        processes = importlib.import_module("uwsgi").numproc
    except ImportError:
        return 1
    return max(1, processes // 2)
