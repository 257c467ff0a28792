"""Whose turn it is; why it is decided like this: docs/decisions/0002-fair-turns.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from dcor_shared.pipeline import needs

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: Files of more bytes than this keep a worker busy for long.
LARGE = 2**30

# The datasets are sorted first, then the resources of one dataset; whether a step can be run is
# looked up (OFFSET 0 keeps it so) only until the first one is found, however many wait.
_CHOOSE = sa.text(f"""
WITH unfinished AS MATERIALIZED (
  SELECT s.resource_id, s.step, s.state, s.not_before, s.created,
         r.package_id, r.position, coalesce(r.size, 0) > :large AS is_large
  FROM dcor_step s JOIN resource r ON r.id = s.resource_id
  WHERE s.queue = :queue AND s.state IN ('pending', 'running')
), busy AS MATERIALIZED (
  SELECT package_id, count(DISTINCT resource_id) AS running,
         count(DISTINCT resource_id) FILTER (WHERE is_large) AS large
  FROM unfinished WHERE state = 'running' GROUP BY package_id
), dataset AS MATERIALIZED (
  SELECT d.package_id, coalesce(b.running, 0) AS running, coalesce(b.large, 0) AS large,
         (SELECT max(x.started) FROM resource y JOIN dcor_step x ON x.resource_id = y.id
          WHERE y.package_id = d.package_id AND x.queue = :queue) AS last
  FROM (SELECT DISTINCT package_id FROM unfinished WHERE state = 'pending') d
  LEFT JOIN busy b USING (package_id)
), turns AS (
  SELECT u.*, d.large FROM unfinished u JOIN dataset d USING (package_id)
  WHERE u.state = 'pending' AND u.not_before <= clock_timestamp()
  ORDER BY d.running, d.last NULLS FIRST, u.resource_id <> :announced, u.created, u.position
  OFFSET 0
)
SELECT s.resource_id FROM turns s
WHERE NOT (s.is_large AND s.large >= :slots) AND {needs.RUNNABLE}
LIMIT 1
""")  # noqa: S608


def choose(
    session: Session, queue: str, announced: str = "", slots: int | None = None
) -> str | None:
    """The resource that should be run next on a queue.

    It is one of the dataset with the fewest resources under way; among equals, of the one that
    was served longest ago; within a dataset, the `announced` one, else the oldest.

    Parameters
    ----------
    session
        Database session.
    queue
        Name of the queue.
    announced
        The resource that the message was sent for.
    slots
        How many large files of one dataset may be under way at the same time; None: no limit.

    Returns
    -------
    str or None
        Id of the resource; None when nothing can be run.
    """
    values = {"queue": str(queue), "announced": announced, "large": LARGE, **needs.parameters()}
    return session.execute(
        _CHOOSE, {**values, "slots": 2**31 - 1 if slots is None else slots}
    ).scalar()
