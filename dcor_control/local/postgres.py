"""A PostgreSQL cluster of its own: made, configured, filled with roles and databases."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
from psycopg2 import sql

from dcor_control.errors import ControlError
from dcor_control.local.files import write_atomically
from dcor_control.local.ports import LOCALHOST
from dcor_control.local.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psycopg2.extensions import connection

    from dcor_control.local.account import Account

SUPERUSER = "postgres"
_DEBIAN = Path("/usr/lib/postgresql")
_CONF = "dcor.conf"
#: A test's data may vanish with the power; each of these costs a wait for the disk.
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresError(ControlError):
    """PostgreSQL cannot be created or does not answer; the message says why."""


@dataclass(frozen=True)
class PostgresLayout:
    """Where a cluster lives and how it is reached.

    Attributes
    ----------
    folder
        Data folder.
    sockets
        Folder of the Unix socket.
    port
        Port on 127.0.0.1.
    account
        Who runs it.
    settings
        Further settings of the server.
    """

    folder: Path
    sockets: Path
    port: int
    account: Account
    password: str = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)


def prepare(layout: PostgresLayout) -> None:
    """Create the cluster unless it exists, and write its settings.

    Raises
    ------
    PostgresError
        If PostgreSQL is not installed in the version that made the cluster.
    """
    if not (layout.folder / "PG_VERSION").exists():
        _initdb(layout)
    text = "".join(f"{name} = '{value}'\n" for name, value in _settings(layout).items())
    write_atomically(layout.folder / _CONF, text, account=layout.account)


def programs(layout: PostgresLayout) -> list[Program]:
    """Foreground command of the server."""
    command = [str(_binaries(layout) / "postgres"), "-D", str(layout.folder)]
    command += ["-c", f"config_file={layout.folder / _CONF}"]
    # SIGINT ends connections in an orderly way; SIGTERM would wait for all clients to leave.
    return [Program("postgres", command, stop_signal="INT")]


def wait_until_ready(layout: PostgresLayout, timeout: float = 60.0) -> None:
    """Wait until the server accepts connections.

    Raises
    ------
    PostgresError
        If it does not within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            with connect(layout):
                return
        except psycopg2.OperationalError as error:
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL does not answer: {error}") from error
        time.sleep(0.1)


@contextmanager
def connect(layout: PostgresLayout, database: str = "postgres") -> Iterator[connection]:
    """Connect as the superuser, every statement being its own transaction."""
    link = psycopg2.connect(
        host=LOCALHOST,
        port=layout.port,
        user=SUPERUSER,
        password=layout.password,
        dbname=database,
        connect_timeout=5,
    )
    link.autocommit = True
    try:
        yield link
    finally:
        link.close()


def ensure_role(layout: PostgresLayout, name: str, password: str) -> None:
    """Make sure that the role exists, may log in and has this password."""
    with connect(layout) as link, link.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
        cursor.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD %s").format(verb, sql.Identifier(name)), [password]
        )


def ensure_database(layout: PostgresLayout, name: str, owner: str) -> None:
    """Make sure that the database exists."""
    with connect(layout) as link, link.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(name), sql.Identifier(owner)
                )
            )


def _settings(layout: PostgresLayout) -> dict[str, str]:
    return {
        "listen_addresses": LOCALHOST,
        "port": str(layout.port),
        "unix_socket_directories": str(layout.sockets).replace("'", "''"),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": "128MB",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C.UTF-8",
        "log_line_prefix": "%m [%p] %d ",
    } | dict(layout.settings)


def _binaries(layout: PostgresLayout) -> Path:
    """Folder of the server's programs: the version of the cluster, else the newest one."""
    versions = {path.parent.name: path for path in _DEBIAN.glob("*/bin") if path.is_dir()}
    marker = layout.folder / "PG_VERSION"
    if marker.exists() and versions:
        version = marker.read_text(encoding="ascii").strip()
        if version not in versions:
            raise PostgresError(
                f"{layout.folder} was made by PostgreSQL {version}, but only "
                f"{', '.join(sorted(versions))} is installed. Install postgresql-{version}."
            )
        return versions[version]
    if versions:
        return versions[max(versions, key=int)]
    found = shutil.which("initdb")
    if found is None:
        raise PostgresError("PostgreSQL is not installed. Install the package postgresql.")
    return Path(found).resolve().parent


def _initdb(layout: PostgresLayout) -> None:
    shutil.rmtree(layout.folder, ignore_errors=True)
    layout.folder.mkdir(mode=0o700)
    shutil.chown(layout.folder, layout.account.uid, layout.account.gid)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as password:
        password.write(layout.password)
        password.flush()
        shutil.chown(password.name, layout.account.uid, layout.account.gid)
        done = subprocess.run(
            [
                str(_binaries(layout) / "initdb"),
                f"--pgdata={layout.folder}",
                f"--username={SUPERUSER}",
                f"--pwfile={password.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            **layout.account.identity(),
        )
    if done.returncode != 0:
        shutil.rmtree(layout.folder, ignore_errors=True)
        raise PostgresError(f"initdb failed ({done.returncode}): {done.stderr.strip()[-2000:]}")
