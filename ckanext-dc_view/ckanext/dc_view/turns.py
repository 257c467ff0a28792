"""How many web processes may be busy with events and large records at the same time.

A web process answers one request after the other, and a measurement that is slow to read, or a
record of many megabytes, keeps it for seconds. So a request takes one of a few turns first; where
none is left, it is answered at once with *busy*, and the page asks again a little later. Turns are
locks of the database: they end with the request's transaction, however the request ends.

No visitor has more than half of the turns (rounded up), and turns that become free go first to
those who have waited for longest (:mod:`ckanext.dc_view.waiting`).
"""

from __future__ import annotations

import importlib
import zlib

import sqlalchemy as sa

from ckan import model

from ckanext.dc_view import config, errors, visitors, waiting

#: First half of the locks' names; the second half is the number of the turn.
_NAME = zlib.crc32(b"ckanext.dc_view.turns") - 2**31
_TAKE = sa.text(
    "SELECT turn FROM generate_series(1, :turns) AS turn"
    " WHERE pg_try_advisory_xact_lock(:name, turn) LIMIT 1"
)
_TAKEN = sa.text(
    "SELECT count(*) FILTER (WHERE pid <> pg_backend_pid()) AS others,"
    " count(*) FILTER (WHERE pid = pg_backend_pid()) AS own"
    " FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND classid = CAST(CAST(:name AS bigint) & 4294967295 AS oid)"
)


def take() -> None:
    """Take a turn until the end of this request's transaction.

    Raises
    ------
    BusyError
        If there is none left, or none for this visitor.
    """
    who = visitors.visitor()
    if not _has_share(who):
        # he waits for himself only: no turn is kept free for what he could not use
        raise errors.BusyError("Your other requests are being answered; try again in a moment.")
    found = _is_common_left(who)
    # whoever was refused comes again
    waiting.note(who, refused=not found)
    if not found:
        raise errors.BusyError("Many measurements are being looked at; try again in a moment.")


def is_left() -> bool:
    """Take a turn until the end of this request's transaction; False if there is none left."""
    who = visitors.visitor()
    return _has_share(who) and _is_common_left(who)


def _has_share(who: str) -> bool:
    """Take one of a visitor's own share; False if he has used it up."""
    return _lock(number_of(who), -(-_turns() // 2))


def _is_common_left(who: str) -> bool:
    """Take one of everybody's turns; False if there is none left for this visitor."""
    turns = _turns()
    return _is_for(who, turns) and _lock(_NAME, turns)


def _turns() -> int:
    return config.event_requests() or half_of_the_processes()


def _is_for(who: str, turns: int) -> bool:
    """Whether there are more free turns than others who have waited for longer."""
    ahead = waiting.ahead_of(who)
    if not ahead:
        return True
    taken = model.Session.execute(_TAKEN, {"name": _NAME}).one()
    return bool(taken.own or turns - taken.others > ahead)


def _lock(name: int, turns: int) -> bool:
    """Take one of so many locks of a name until the end of the transaction."""
    return model.Session.execute(_TAKE, {"turns": turns, "name": name}).first() is not None


def half_of_the_processes() -> int:
    """Half of the processes of this web server; one where it does not say how many it has."""
    return max(1, importlib.import_module("uwsgi").numproc // 2) if is_web_server() else 1


def is_web_server() -> bool:
    """Whether this process serves people; commands and tests show pages to nobody."""
    try:
        # the module exists within uWSGI only
        importlib.import_module("uwsgi")
    except ImportError:
        return False
    return True


def number_of(who: str) -> int:
    """First half of the names of a visitor's locks."""
    return zlib.crc32(f"ckanext.dc_view.turns of {who}".encode()) - 2**31
