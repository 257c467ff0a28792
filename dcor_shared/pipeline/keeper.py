"""Keeping the leases of this process alive while it works on steps."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from dcor_shared.pipeline.claims import LEASE, heartbeat
from dcor_shared.pipeline.database import session

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)


@contextmanager
def keep_leases(worker: str, lease: float = LEASE) -> Iterator[None]:
    """Renew the leases of `worker` from a thread with its own connection, during the block.

    A short block costs a thread and no connection: the first renewal is due after a quarter of
    the lease.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(stop, worker, lease), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(stop: threading.Event, worker: str, lease: float) -> None:
    while not stop.wait(lease / 4):
        try:
            with session() as own:
                heartbeat(own, worker, lease)
        except SQLAlchemyError as exc:
            # The next beat may succeed; if none does, another worker takes the steps over.
            log.warning("The leases of %s could not be renewed: %s", worker, exc)
