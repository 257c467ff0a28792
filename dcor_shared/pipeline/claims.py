"""Who works on a step: claims with a lease, and how a step ends.

A claim is the permission to run a step. It is given by one statement, so that a step has one
runner, and it carries the number of the attempt: whoever lost its lease meanwhile can neither
finish nor fail a step that somebody else has begun again.
All times are those of the database's clock at the statement, not of the transaction's start.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dcor_shared.pipeline import needs
from dcor_shared.pipeline.records import plain, plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

#: Seconds after which the work of a worker that does not report is given to another one.
LEASE = 20
#: Number of times a step is begun before it counts as failed.
MAX_ATTEMPTS = 5
#: Seconds before the second attempt; four times as long before each further one.
FIRST_BACK_OFF = 10
MAX_ERROR_TEXT = 2000

_OWNED = """resource_id = :resource_id AND step = :step AND etag = :etag AND state = 'running'
  AND worker = :worker AND attempt = :attempt"""

_CLAIM = sa.text(f"""
UPDATE dcor_step t SET state = 'running', worker = :worker, started = NULL, finished = NULL,
  lease_until = clock_timestamp() + make_interval(secs => :lease)
FROM (SELECT s.resource_id, s.step FROM dcor_step s
      WHERE s.resource_id = :resource_id AND s.queue = :queue AND {needs.RUNNABLE}
      FOR UPDATE OF s SKIP LOCKED) c
WHERE t.resource_id = c.resource_id AND t.step = c.step
RETURNING t.step, t.etag, t.attempt
""")  # noqa: S608

_BEGIN = sa.text(f"""
UPDATE dcor_step SET attempt = attempt + 1, started = clock_timestamp(),
  lease_until = clock_timestamp() + make_interval(secs => :lease)
WHERE {_OWNED}
""")  # noqa: S608

_FINISH = sa.text(f"""
UPDATE dcor_step SET state = 'done', finished = clock_timestamp(), worker = NULL,
  lease_until = NULL, error_code = NULL, error_text = NULL, fields = CAST(:fields AS jsonb)
WHERE {_OWNED}
""")  # noqa: S608

_SKIP = sa.text(f"""
UPDATE dcor_step SET state = 'skipped', finished = clock_timestamp(), worker = NULL,
  lease_until = NULL, error_code = :code, error_text = :text
WHERE {_OWNED}
""")  # noqa: S608

_FAIL = sa.text(f"""
UPDATE dcor_step SET worker = NULL, lease_until = NULL, error_code = :code, error_text = :text,
  finished = clock_timestamp(),
  state = CASE WHEN :permanent OR attempt >= :max_attempts THEN 'failed' ELSE 'pending' END,
  not_before = clock_timestamp()
    + make_interval(secs => :back_off * power(4, greatest(attempt - 1, 0)))
WHERE {_OWNED}
""")  # noqa: S608

_RENEW = sa.text(f"""
UPDATE dcor_step SET lease_until = clock_timestamp() + make_interval(secs => :lease)
WHERE {_OWNED}
""")  # noqa: S608

_HEARTBEAT = sa.text("""
UPDATE dcor_step SET lease_until = clock_timestamp() + make_interval(secs => :lease)
WHERE worker = :worker AND state = 'running'
""")


@dataclass(frozen=True)
class Claim:
    """The permission to run one step of one resource for one object.

    Attributes
    ----------
    resource_id, step, etag
        What may be run.
    worker
        Who may run it.
    attempt
        Number of times the step has been begun (0: never).
    """

    resource_id: str
    step: str
    etag: str
    worker: str
    attempt: int

    def key(self) -> dict[str, Any]:
        """The claim as parameters of a statement."""
        return {
            "resource_id": self.resource_id,
            "step": self.step,
            "etag": self.etag,
            "worker": self.worker,
            "attempt": self.attempt,
        }


def claim(
    session: Session, resource_id: str, queue: str, worker: str, lease: float = LEASE
) -> list[Claim]:
    """Claim every step of a resource on `queue` that can be run now, in the order of needs.

    Commit at once; then call `begin` for each when its turn comes.
    """
    parameters = {
        "resource_id": resource_id,
        "queue": queue,
        "worker": worker,
        "lease": lease,
        **needs.parameters(),
    }
    rows = session.execute(_CLAIM, parameters).all()
    order = {name: number for number, name in enumerate(parameters["steps"])}
    rows = sorted(rows, key=lambda row: order[row.step])
    return [Claim(resource_id, row.step, row.etag, worker, row.attempt) for row in rows]


def renew(session: Session, begun: Claim, lease: float = LEASE) -> bool:
    """Renew the lease of one step; False if somebody else has it by now."""
    return bool(session.execute(_RENEW, begun.key() | {"lease": lease}).rowcount)  # type: ignore[attr-defined]


def begin(session: Session, claimed: Claim, lease: float = LEASE) -> Claim | None:
    """Start an attempt; None when the claim was lost or the object is another one now."""
    if not _changed(session, _BEGIN, {**claimed.key(), "lease": lease}):
        return None
    return Claim(
        claimed.resource_id, claimed.step, claimed.etag, claimed.worker, claimed.attempt + 1
    )


def heartbeat(session: Session, worker: str, lease: float = LEASE) -> int:
    """Renew the leases of a worker; the number of steps it has."""
    return _changed(session, _HEARTBEAT, {"worker": worker, "lease": lease})


def finish(session: Session, claimed: Claim, fields: Mapping[str, Any] | None = None) -> bool:
    """Mark a step as done; False when the claim was lost: drop the result then.

    `fields` are kept with the step until they are written to the resource dictionary.
    """
    document = json.dumps(plain(dict(fields)), allow_nan=False) if fields else None
    return bool(_changed(session, _FINISH, {**claimed.key(), "fields": document}))


def skip(session: Session, claimed: Claim, code: str, text: str) -> bool:
    """Mark a step as skipped and say why; False when the claim was lost."""
    return bool(_changed(session, _SKIP, {**claimed.key(), "code": code, "text": text}))


def fail(session: Session, claimed: Claim, code: str, text: str, *, permanent: bool) -> bool:
    """Note why an attempt failed; the step is tried again later unless that is pointless.

    Steps that need a finally failed one are skipped with the code ``needs_failed``.
    Returns False when the claim was lost.
    """
    values = {
        **claimed.key(),
        "code": plain_text(code),
        "text": plain_text(text)[:MAX_ERROR_TEXT],
        "permanent": permanent,
        "max_attempts": MAX_ATTEMPTS,
        "back_off": FIRST_BACK_OFF,
    }
    owned = bool(_changed(session, _FAIL, values))
    needs.skip_blocked(session, claimed.resource_id)
    return owned


def _changed(session: Session, statement: sa.TextClause, values: dict[str, Any]) -> int:
    result: sa.CursorResult[Any] = session.execute(statement, values)  # type: ignore[assignment]
    return result.rowcount
