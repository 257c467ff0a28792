"""API tokens remember their last use to the minute.

CKAN writes and commits the time of every request with a token; on a disk that keeps its promises
this takes longer than most requests themselves.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ckan import model

if TYPE_CHECKING:
    from collections.abc import Callable

_INTERVAL = timedelta(minutes=1)
_MARK = "_at_most_once_a_minute"


def touch_at_most_once_a_minute() -> None:
    """Let tokens note their use only when the last note is older than a minute."""
    if not hasattr(model.ApiToken.touch, _MARK):
        model.ApiToken.touch = _seldom(model.ApiToken.touch)


def _seldom(touch: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(touch)
    def touch_seldom(self: model.ApiToken, commit: bool = False) -> None:  # noqa: FBT001, FBT002
        if not _is_recent(self.last_access):
            touch(self, commit)

    setattr(touch_seldom, _MARK, True)
    return touch_seldom


def _is_recent(last_access: datetime | None) -> bool:
    """Whether the time (UTC, without time zone as in CKAN) is less than a minute ago."""
    if last_access is None:
        return False
    now = datetime.now(UTC).replace(tzinfo=None)
    return timedelta(0) <= now - last_access < _INTERVAL
