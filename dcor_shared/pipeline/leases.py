"""Steps whose worker does not report any more, or that a worker gives back."""

from __future__ import annotations

import os
import socket
from functools import lru_cache
from typing import TYPE_CHECKING

import psutil
import sqlalchemy as sa

from dcor_shared.pipeline import needs
from dcor_shared.pipeline.claims import FIRST_BACK_OFF, MAX_ATTEMPTS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# A step that was only claimed and not begun has lost no attempt. The second attempt follows at
# once; later ones wait, because the measurement may be what kills the workers.
_RELEASE = """
UPDATE dcor_step SET worker = NULL, lease_until = NULL,
  state = CASE WHEN started IS NOT NULL AND attempt >= :max_attempts
          THEN 'failed' ELSE 'pending' END,
  finished = CASE WHEN started IS NOT NULL THEN clock_timestamp() END,
  error_code = CASE WHEN started IS NOT NULL THEN 'worker_lost' ELSE error_code END,
  error_text = CASE WHEN started IS NOT NULL
    THEN 'The worker stopped in the middle of this step.' ELSE error_text END,
  not_before = clock_timestamp() + make_interval(secs => CASE WHEN started IS NULL OR attempt < 2
    THEN 0 ELSE :back_off * power(4, attempt - 2) END)
WHERE state = 'running' AND """
_EXPIRED = sa.text(_RELEASE + "lease_until < clock_timestamp()")
_OF_WORKERS = sa.text(_RELEASE + "worker = ANY(:workers)")
_GIVE_BACK = sa.text(
    "UPDATE dcor_step SET state = 'pending', worker = NULL, lease_until = NULL"
    " WHERE state = 'running' AND resource_id = :resource_id AND worker = :worker"
)
_HERE = sa.text(
    "SELECT DISTINCT worker FROM dcor_step WHERE state = 'running' AND starts_with(worker, :host)"
)


@lru_cache(maxsize=1)
def _name_of_process(pid: int) -> str:
    started = int(psutil.Process(pid).create_time() * 1000)
    return f"{socket.gethostname()}:{pid}:{started}"


def worker_name() -> str:
    """Name of this process as a worker: host, process id and start time in milliseconds."""
    return _name_of_process(os.getpid())


def is_alive(worker: str) -> bool:
    """Whether a worker of this host is running; a process of the same id does not count."""
    _host, pid, started = worker.rsplit(":", 2)
    try:
        process = psutil.Process(int(pid))
        return (
            int(process.create_time() * 1000) == int(started)
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except (psutil.NoSuchProcess, ValueError):
        return False


def release_expired(session: Session) -> int:
    """Let the steps whose lease ran out be claimed again; their number.

    The attempt counts; after the last one the step has failed with the code ``worker_lost``.
    """
    return _release(session, _EXPIRED)


def release_dead(session: Session) -> int:
    """The same for workers of this host that are not running, without waiting for the lease."""
    names = session.execute(_HERE, {"host": f"{socket.gethostname()}:"}).scalars()
    dead = [name for name in names if not is_alive(name)]
    return _release(session, _OF_WORKERS, workers=dead) if dead else 0


def give_back(session: Session, resource_id: str, worker: str) -> None:
    """Let the steps that a worker has claimed and will not finish be claimed by others."""
    session.execute(_GIVE_BACK, {"resource_id": resource_id, "worker": worker})


def _release(session: Session, statement: sa.TextClause, **values: object) -> int:
    values |= {"max_attempts": MAX_ATTEMPTS, "back_off": FIRST_BACK_OFF}
    number: int = session.execute(statement, values).rowcount  # type: ignore[attr-defined]
    if number:
        needs.skip_blocked(session)
    return number
