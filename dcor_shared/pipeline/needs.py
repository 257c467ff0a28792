"""Which steps may run: the needs of the steps, as SQL conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dcor_shared.pipeline.registry import all_steps, pairs

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PAIRS = "unnest(CAST(:of AS text[]), CAST(:needs AS text[])) AS n(step, need)"
_UNSATISFIED = f"""EXISTS (
  SELECT 1 FROM {_PAIRS}
  LEFT JOIN dcor_step o ON o.resource_id = s.resource_id AND o.step = n.need
  WHERE n.step = s.step AND (o.state IS NULL OR o.state NOT IN ('done', 'skipped')
    OR o.error_code = 'needs_failed'))"""  # noqa: S608
_TOO_EARLY = """EXISTS (
  SELECT 1 FROM unnest(CAST(:late AS text[]), CAST(:early AS text[])) AS n(step, earlier)
  JOIN dcor_step o ON o.resource_id = s.resource_id AND o.step = n.earlier
  WHERE n.step = s.step AND o.state IN ('pending', 'running'))"""
#: SQL: the step ``s`` could be run now; takes the parameters `parameters`.
RUNNABLE = f"""s.state = 'pending' AND s.not_before <= clock_timestamp()
  AND s.step = ANY(:steps) AND NOT {_UNSATISFIED} AND NOT {_TOO_EARLY}"""

_SKIP_BLOCKED = sa.text(f"""
UPDATE dcor_step s SET state = 'skipped', finished = clock_timestamp(),
  error_code = 'needs_failed', error_text = 'It needs the step ' || o.step || ', which failed.'
FROM {_PAIRS}, dcor_step o
WHERE s.state = 'pending' AND s.step = n.step AND o.step = n.need
  AND o.resource_id = s.resource_id AND (o.state = 'failed' OR o.error_code = 'needs_failed')
  AND (CAST(:resource_id AS text) IS NULL OR s.resource_id = :resource_id)
""")  # noqa: S608


def parameters() -> dict[str, Any]:
    """Parameters of `RUNNABLE`: the declared steps, in order, and what they wait for."""
    steps = all_steps()
    of, needs = pairs(steps, "needs")
    late, early = pairs(steps, "after")
    return {"steps": list(steps), "of": of, "needs": needs, "late": late, "early": early}


def skip_blocked(session: Session, resource_id: str | None = None) -> None:
    """Skip pending steps (of all resources, or one) that need a step which has failed.

    Repeated until nothing changes, because a step may need one that was skipped just now.
    """
    of, needs = pairs(all_steps(), "needs")
    values = {"of": of, "needs": needs, "resource_id": resource_id}
    while session.execute(_SKIP_BLOCKED, values).rowcount:  # type: ignore[attr-defined]
        pass
