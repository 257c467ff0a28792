"""Who waits for a turn, so that they get it one after the other.

A visitor who was refused comes again by himself, but nobody else has to be left out meanwhile: one
who asks for a hundred events at once would take every turn as soon as it is free. So those who were
refused are noted for a moment, and those who were refused first are let in first. This is kept in
Redis; where it is lost, turns go to whoever comes.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import time

import flask
import redis

from ckan.common import config as ckan_config
from ckan.common import current_user
from ckan.lib.redis import connect_to_redis

log = logging.getLogger(__name__)

#: Seconds after which somebody who has not come again waits no more.
_PATIENCE = 2.0
#: Addresses of one subscriber.
_SUBSCRIBER_V6 = 64


def visitor() -> str:
    """Who asks: the signed-in user, or the subscriber behind the client's address."""
    if not flask.has_request_context():
        return "nobody"
    if current_user.is_authenticated:
        return named(f"user {current_user.name}")
    return named(_subscriber())


def named(who: str) -> str:
    """Name of a visitor from which nobody can read who it is."""
    return hashlib.sha256(who.encode()).hexdigest()[:16]


def _subscriber() -> str:
    """Address of the client; those of IPv6 that belong to one subscriber are one."""
    own = flask.request.remote_addr or ""
    # what a proxy on this machine has added; others may claim anything
    added = flask.request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    text = added if added and _is_this_machine(own) else own
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if address.version == 4:  # noqa: PLR2004 - the version of the protocol
        return text
    return str(ipaddress.ip_network((address, _SUBSCRIBER_V6), strict=False))


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        # a socket of the file system
        return True


def ahead_of(who: str) -> int:
    """How many other visitors have been waiting for longer."""
    try:
        return _ahead_of(who)
    except redis.RedisError as error:
        log.warning("Nobody knows who waits for a turn: %s", error)
        return 0


def _ahead_of(who: str) -> int:
    since, seen = _keys()
    with connect_to_redis().pipeline() as pipe:
        pipe.zrangebyscore(seen, time.time() - _PATIENCE, "+inf")
        pipe.zrange(since, 0, -1, withscores=True)
        seen_lately, began = pipe.execute()
    present = set(seen_lately)
    waiting = {name: start for name, start in began if name in present}
    own = waiting.pop(who.encode(), float("inf"))
    return sum(start < own for start in waiting.values())


def note(who: str, *, refused: bool) -> None:
    """Note that a visitor was refused and waits, or was let in and waits no more."""
    since, seen = _keys()
    now = time.time()
    try:
        with connect_to_redis().pipeline() as pipe:
            if refused:
                gone = pipe.zscore(seen, who).execute()[0]
                if gone is None or gone < now - _PATIENCE:
                    pipe.zadd(since, {who: now})
                pipe.zadd(seen, {who: now})
            else:
                pipe.zrem(since, who)
                pipe.zrem(seen, who)
            for key in (since, seen):
                pipe.expire(key, int(10 * _PATIENCE))
            pipe.execute()
    except redis.RedisError as error:
        log.warning("Nobody notes who waits for a turn: %s", error)


def _keys() -> tuple[str, str]:
    """Sorted sets: since when a visitor waits, and when he was seen last."""
    prefix = f"{ckan_config['ckan.site_id']}:dc_view:waiting"
    return f"{prefix}:since", f"{prefix}:seen"
