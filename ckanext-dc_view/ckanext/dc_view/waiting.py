"""Who waits for a turn, so that they get it one after the other.

A visitor who was refused comes again by himself, but nobody else has to be left out meanwhile: one
who asks for a hundred events at once would take every turn as soon as it is free. So those who were
refused are noted for a moment, and those who were refused first are let in first. This is kept in
Redis; where it is lost, turns go to whoever comes.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import redis

from ckan.common import config as ckan_config
from ckan.lib.redis import connect_to_redis

log = logging.getLogger(__name__)

#: Seconds after which those who were refused are asked to come again (``Retry-After``,
#: ``Refresh``). The page spreads its questions: it waits for one and a half times as long at most
#: (``frontend/src/net/patience.ts``).
AGAIN_SECONDS = 1
#: Seconds after which somebody who has not come again waits no more: twice the longest pause.
PATIENCE = 2 * 1.5 * AGAIN_SECONDS
#: Visitors that are noted; further ones wait without a place.
_MOST = 1000
#: Those who have not come again lose their place. Two sorted sets: since when a visitor waits, and
#: when he was seen last; then the latest time at which he is gone. Redis may drop a set for want of
#: memory: nobody would leave the first without the second.
_FORGET = """
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1])
for _, name in ipairs(gone) do
  redis.call('ZREM', KEYS[1], name)
  redis.call('ZREM', KEYS[2], name)
end
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('DEL', KEYS[1]) end
"""
_AHEAD = f"""{_FORGET}
return redis.call('ZRANK', KEYS[1], ARGV[2]) or redis.call('ZCARD', KEYS[1])
"""
_WAITS = f"""{_FORGET}
local is_known = redis.call('ZSCORE', KEYS[2], ARGV[2])
if is_known or redis.call('ZCARD', KEYS[2]) < {_MOST} then
  redis.call('ZADD', KEYS[1], 'NX', ARGV[3], ARGV[2])
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
end
for _, key in ipairs(KEYS) do
  redis.call('EXPIRE', key, {int(10 * PATIENCE)})
end
"""
_LET_IN = """
for _, key in ipairs(KEYS) do
  redis.call('ZREM', key, ARGV[2])
end
"""


def ahead_of(who: str) -> int:
    """How many other visitors have been waiting for longer."""
    return int(_tell(_AHEAD, who) or 0)


def note(who: str, *, refused: bool) -> None:
    """Note that a visitor was refused and waits, or was let in and waits no more."""
    _tell(_WAITS if refused else _LET_IN, who)


def _tell(script: str, who: str) -> Any:
    now = _now()
    keys = _keys()
    try:
        return connect_to_redis().eval(script, len(keys), *keys, now - PATIENCE, who, now)
    except redis.RedisError as error:
        log.warning("Nobody knows who waits for a turn: %s", error)
        return None


def _now() -> float:
    return time.time()


def _keys() -> tuple[str, str]:
    """Sorted sets: since when a visitor waits, and when he was seen last."""
    prefix = f"{ckan_config['ckan.site_id']}:dc_view:waiting"
    return f"{prefix}:since", f"{prefix}:seen"
