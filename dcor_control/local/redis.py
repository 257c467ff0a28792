"""A Redis of its own, for the queues."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import redis

from dcor_control.errors import ControlError
from dcor_control.local.files import write_atomically
from dcor_control.local.ports import LOCALHOST
from dcor_control.local.program import Program

if TYPE_CHECKING:
    from pathlib import Path

    from dcor_control.local.account import Account


class RedisError(ControlError):
    """Redis is missing or does not answer; the message says why."""


@dataclass(frozen=True)
class RedisLayout:
    """Where Redis lives and how it is reached."""

    folder: Path
    port: int
    account: Account
    password: str = field(repr=False)

    def url(self, database: int = 0) -> str:
        """URL of one of its databases, with the password."""
        return f"redis://:{self.password}@{LOCALHOST}:{self.port}/{database}"


def prepare(layout: RedisLayout) -> None:
    """Write the configuration; the append-only file keeps queues over a restart."""
    layout.folder.mkdir(mode=0o700, exist_ok=True)
    shutil.chown(layout.folder, layout.account.uid, layout.account.gid)
    settings = {
        "bind": LOCALHOST,
        "port": layout.port,
        # Jobs are pickles: whoever may write here runs code as the account of the workers.
        "requirepass": layout.password,
        "dir": f'"{layout.folder}"',
        "databases": 256,
        "appendonly": "yes",
        "save": '""',
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
    }
    text = "".join(f"{name} {value}\n" for name, value in settings.items())
    write_atomically(layout.folder / "redis.conf", text, account=layout.account)


def programs(layout: RedisLayout) -> list[Program]:
    """Foreground command of the server."""
    command = ["redis-server", str(layout.folder / "redis.conf")]
    return [Program("redis", command)]


def wait_until_ready(layout: RedisLayout, timeout: float = 30.0) -> None:
    """Wait until the server answers.

    Raises
    ------
    RedisError
        If it does not within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    with redis.Redis.from_url(layout.url(), socket_connect_timeout=2) as client:
        while True:
            try:
                client.ping()
            except redis.RedisError as error:
                if time.monotonic() > deadline:
                    raise RedisError(f"Redis does not answer: {error}") from error
            else:
                return
            time.sleep(0.1)
