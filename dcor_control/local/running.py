"""Brings the services of an instance up, whatever state it was left in, and down again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from dcor_control.errors import ControlError
from dcor_control.local import ceph, orphans, postgres, redis, services, supervisor, web
from dcor_control.local.services import ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dcor_control.local.layout import Layout
    from dcor_control.local.program import Program
    from dcor_control.local.services import Services

_NOT_READY = (
    postgres.PostgresError,
    redis.RedisError,
    ceph.CephError,
    web.WebServerError,
    web.WorkerError,
)
_START_SECONDS = 90.0
_ATTEMPT_SECONDS = 2.0


class UnhealthyProgramError(ControlError):
    """A program of the instance does not do its work; the message ends with its log."""

    def __init__(self, layout: Layout, name: str, reason: str) -> None:
        super().__init__(
            f"'{name}' does not work: {reason}\n"
            f"The end of its log ({supervisor.log_file(layout, name)}):\n"
            f"{supervisor.log_tail(layout, name)}"
        )


def bring_up(found: Services, later: Sequence[Program] = ()) -> ceph.StoreCredentials:
    """Start PostgreSQL, Redis and the object store, and wait until they answer.

    Parameters
    ----------
    found
        The services, see :func:`dcor_control.local.services.describe`.
    later
        Programs that :func:`dcor_control.local.supervisor.start_programs` starts afterwards.

    Raises
    ------
    PortTakenError
        If another program uses one of the ports.
    UnhealthyProgramError
        If a service does not answer in time.
    """
    layout = found.layout
    if not supervisor.is_running(layout):
        _recover(found)
    supervisor.start(layout, found.programs(), later)
    return wait_for_services(found)


def wait_for_services(found: Services) -> ceph.StoreCredentials:
    """Wait until PostgreSQL, Redis and the object store answer, and make their users.

    Raises
    ------
    UnhealthyProgramError
        If a service does not answer in time.
    """
    layout = found.layout
    wait(layout, "postgres", lambda t: postgres.wait_until_ready(found.postgres, t))
    wait(layout, "redis", lambda t: redis.wait_until_ready(found.redis, t))
    wait(layout, "ceph-rgw", lambda t: ceph.wait_until_ready(found.ceph, t))
    postgres.ensure_role(found.postgres, ROLE, found.secrets.postgres_ckan)
    return ceph.create_users(found.ceph)


def bring_down(layout: Layout) -> bool:
    """Stop everything, also what outlived a killed supervisor; False if nothing was running."""
    stopped = supervisor.stop(layout)
    return bool(orphans.end_orphans(layout)) or stopped


def wait(
    layout: Layout, name: str, attempt: Callable[[float], None], seconds: float = _START_SECONDS
) -> None:
    """Try until the program answers.

    Raises
    ------
    UnhealthyProgramError
        If the supervisor has given it up, or time is over.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            attempt(_ATTEMPT_SECONDS)
        except _NOT_READY as error:
            if time.monotonic() > deadline or _given_up(layout, name):
                raise UnhealthyProgramError(layout, name, str(error)) from error
        else:
            return


def wait_for_worker(layout: Layout, name: str, redis_url: str) -> None:
    """Wait until the worker that the supervisor runs under this name takes jobs."""

    def attempt(timeout: float) -> None:
        (state,) = [state for state in supervisor.states(layout) if state.name == name]
        web.wait_for_worker(redis_url, state.pid, timeout)

    wait(layout, name, attempt)


def _recover(found: Services) -> None:
    """Prepare a start: after a crash there are orphans and stale files."""
    orphans.end_orphans(found.layout)
    # None of ours runs now; PostgreSQL would believe any process that got the old number.
    (found.layout.postgres / "postmaster.pid").unlink(missing_ok=True)
    services.require_free_ports(found.ports)
    services.prepare(found)


def _given_up(layout: Layout, name: str) -> bool:
    return any(s.name == name and s.state == "FATAL" for s in supervisor.states(layout))
