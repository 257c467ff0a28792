"""Which steps a resource needs: their rows in the table of states."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dcor_shared.pipeline.facts import ALIVE, COLUMNS, facts_from_row
from dcor_shared.pipeline.registry import all_steps
from dcor_shared.pipeline.steps import StepState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from dcor_shared.pipeline.steps import ResourceFacts, Step

# Only some resources are looked at more closely, because adding the thousandth must not take the
# other 999 apart: those that miss a step, whose steps are for another object, that were deleted
# when a step's turn came, or that were changed (renamed) after a step did not apply to them.
# The etag is looked for as text because the extras are untrusted JSON (see facts.py).
_CANDIDATES = sa.text(f"""
SELECT {COLUMNS}
FROM resource r JOIN package p ON p.id = r.package_id
LEFT JOIN LATERAL (
  SELECT count(*) AS known, bool_and(strpos(r.extras, '"' || s.etag || '"') > 0
    AND NOT (s.state = 'skipped' AND (s.error_code = 'deleted' OR s.error_code IS NULL
      AND s.created < r.metadata_modified AT TIME ZONE 'UTC'))) AS current
  FROM dcor_step s WHERE s.resource_id = r.id AND s.step = ANY(:steps)
) done ON true
WHERE r.package_id = :package_id AND {ALIVE} AND r.extras LIKE '%"etag"%'
  AND (done.known < :number OR NOT done.current)
""")  # noqa: S608

_INSERT = sa.text("""
INSERT INTO dcor_step AS old
  (resource_id, step, version, queue, etag, state, created, not_before, finished)
SELECT n.resource_id, n.step, n.version, n.queue, n.etag, n.state,
       clock_timestamp(), clock_timestamp(),
       CASE WHEN n.state = 'skipped' THEN clock_timestamp() END
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n
  (resource_id text, step text, version int, queue text, etag text, state text)
ON CONFLICT (resource_id, step) DO UPDATE SET
  version = EXCLUDED.version, queue = EXCLUDED.queue, etag = EXCLUDED.etag,
  state = EXCLUDED.state, created = EXCLUDED.created, not_before = EXCLUDED.not_before,
  finished = EXCLUDED.finished, attempt = 0, started = NULL, worker = NULL, lease_until = NULL,
  error_code = NULL, error_text = NULL, fields = NULL
WHERE old.etag <> EXCLUDED.etag
  OR old.state = 'skipped' AND old.error_code IS DISTINCT FROM 'needs_failed'
RETURNING resource_id, state
""")

_UNPLANNED = sa.text(f"""
SELECT DISTINCT r.package_id FROM resource r JOIN package p ON p.id = r.package_id
WHERE {ALIVE} AND p.owner_org IS NOT NULL AND r.extras LIKE '%"etag"%'
  AND NOT EXISTS (SELECT 1 FROM dcor_step s WHERE s.resource_id = r.id)
LIMIT :number
""")  # noqa: S608


def plan(session: Session, package_id: str) -> list[str]:
    """Note the steps that the resources of a dataset still need; two statements.

    Steps that do not apply are noted as skipped; an object with a new etag starts anew.
    Call it in the transaction that registers the resource.

    Returns
    -------
    list of str
        Ids of the resources that got new work; give them to ``enqueue`` after the commit.
    """
    steps = all_steps()
    session.flush()
    known = {"package_id": package_id, "steps": list(steps), "number": len(steps)}
    candidates = session.execute(_CANDIDATES, known).all()
    rows = [
        row
        for facts in map(facts_from_row, candidates)
        if facts is not None
        for row in _rows(facts, steps.values())
    ]
    return _insert(session, rows)


def unplanned(session: Session, number: int) -> list[str]:
    """Ids of at most `number` datasets with a resource that has an object but no steps.

    It reads the whole table of resources: ask seldom.
    """
    return list(session.execute(_UNPLANNED, {"number": number}).scalars())


def _rows(facts: ResourceFacts, steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [
        {
            "resource_id": facts.id,
            "step": step.name,
            "version": step.version,
            "queue": str(step.queue),
            "etag": facts.etag,
            "state": StepState.PENDING if step.applies(facts) else StepState.SKIPPED,
        }
        for step in steps
    ]


def _insert(session: Session, rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    inserted = session.execute(_INSERT, {"rows": json.dumps(rows)}).all()
    pending = (row.resource_id for row in inserted if row.state == StepState.PENDING)
    return list(dict.fromkeys(pending))
