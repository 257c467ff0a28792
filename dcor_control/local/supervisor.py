"""Runs the programs of an instance under supervisord (PyPI), which restarts what dies.

The supervisor is the account of the services from its first instruction on, also when root starts
it: its settings, logs and sockets are in folders of that account, and nothing there may lead root
anywhere.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import Faults, SupervisorTransport

from dcor_control.errors import ControlError
from dcor_control.local.files import write_if_changed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from dcor_control.local.layout import Layout
    from dcor_control.local.program import Program

#: Every process of an instance carries this variable, so that orphans can be found.
MARK = "DCOR_INSTANCE"
_START_SECONDS = 30


class SupervisorError(ControlError):
    """The supervisor cannot be started or a program does not run; the message says why."""


@dataclass(frozen=True)
class ProgramState:
    """State of one program: `state` is supervisord's word (``RUNNING``, ``FATAL`` …)."""

    name: str
    state: str
    pid: int
    detail: str

    @property
    def is_running(self) -> bool:
        """Whether it runs or is just being started."""
        return self.state in {"RUNNING", "STARTING"}


def start(layout: Layout, programs: Sequence[Program], later: Sequence[Program] = ()) -> None:
    """Start the supervisor and with it `programs`, unless exactly they are running.

    Parameters
    ----------
    later
        Programs that are only known to it, until :func:`start_programs` names them.

    Raises
    ------
    SupervisorError
        If supervisord refuses to start.
    """
    text = conf_text(layout, programs, later)
    changed = write_if_changed(_conf(layout), text, account=layout.account)
    if is_running(layout):
        if not changed:
            start_programs(layout, [program.name for program in programs])
            return
        stop(layout)
    _socket(layout).unlink(missing_ok=True)
    _pid_file(layout).unlink(missing_ok=True)
    _remove_logs_of_others(layout)
    _daemonize(layout)
    _wait(layout, running=True, seconds=_START_SECONDS)


def _daemonize(layout: Layout) -> None:
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(_conf(layout))]
    # Programs inherit this: nothing of the caller's own environment (keys, proxies) gets in.
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", MARK: str(layout.root)}
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        env=env,
        start_new_session=True,
        **layout.account.identity(),
    )
    if done.returncode != 0:
        raise SupervisorError(f"supervisord did not start: {done.stderr or done.stdout}")


def _remove_logs_of_others(layout: Layout) -> None:
    """Remove logs that the account could not continue (root wrote them, in former versions)."""
    account = layout.account
    if not account.is_present_user:
        theirs = ["-maxdepth", "1", "-type", "f", "!", "-user", account.name]
        subprocess.run(
            ["find", str(layout.log), *theirs, "-delete"],
            check=True,
            cwd="/",
            **account.identity(),
        )


def stop(layout: Layout) -> bool:
    """Stop all programs and the supervisor; False if it was not running."""
    if not is_running(layout):
        return False
    with _server(layout) as server:
        server.shutdown()
    _wait(layout, running=False, seconds=120)
    return True


def is_running(layout: Layout) -> bool:
    """Whether the supervisor of this instance answers."""
    try:
        with _server(layout) as server:
            return bool(server.getState()["statename"])
    except (OSError, Fault):
        return False


def states(layout: Layout) -> list[ProgramState]:
    """State of every program; empty if the supervisor is not running."""
    if not is_running(layout):
        return []
    with _server(layout) as server:
        found: list[dict[str, Any]] = server.getAllProcessInfo()
    return [
        ProgramState(info["name"], info["statename"], info["pid"], info["description"])
        for info in found
    ]


def start_programs(layout: Layout, names: Sequence[str]) -> None:
    """Start those of the programs that do not run."""
    with _server(layout) as server:
        for name in names:
            try:
                server.startProcess(name, False)  # noqa: FBT003 - XML-RPC knows no keywords
            except Fault as fault:
                if fault.faultCode != Faults.ALREADY_STARTED:
                    raise


def stop_programs(layout: Layout, names: Sequence[str]) -> None:
    """Stop those of the programs that run, and wait until they are gone."""
    with _server(layout) as server:
        for name in names:
            try:
                server.stopProcess(name)
            except Fault as fault:
                if fault.faultCode != Faults.NOT_RUNNING:
                    raise


def log_tail(layout: Layout, name: str, lines: int = 15) -> str:
    """The last lines that a program has written."""
    try:
        # The folder is the account's: a link or a pipe in it must not take root in.
        handle = os.open(log_file(layout, name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return "(nothing was written)"
    with os.fdopen(handle, encoding="utf-8", errors="replace") as fd:
        return "\n".join(fd.read().splitlines()[-lines:])


def log_file(layout: Layout, name: str) -> Path:
    """Where the output of a program goes."""
    return layout.log / f"{name}.log"


def conf_text(layout: Layout, programs: Sequence[Program], later: Sequence[Program] = ()) -> str:
    """Text of ``supervisord.conf``; only `programs` start with the supervisor."""
    head: dict[str, dict[str, object]] = {
        "unix_http_server": {"file": _socket(layout), "chmod": "0700"},
        "supervisord": {
            "logfile": layout.log / "supervisord.log",
            "pidfile": _pid_file(layout),
            "identifier": "dcor",
            "minfds": 4096,
            "strip_ansi": "true",
        },
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
    }
    tables = head | {
        f"program:{program.name}": _program(layout, program, priority)
        | {"autostart": "false" if program in later else "true"}
        for priority, program in enumerate([*programs, *later], start=1)
    }
    return "\n".join(_section(name, values) for name, values in tables.items())


def _program(layout: Layout, program: Program, priority: int) -> dict[str, object]:
    environment = {MARK: str(layout.root)} | program.env
    return {
        "command": shlex.join(program.command),
        "environment": ",".join(f"{name}={_value(text)}" for name, text in environment.items()),
        "directory": layout.root,
        "priority": priority,
        "startsecs": 1,
        # Servers that wait for others to come up may need several attempts.
        "startretries": 10,
        "stopsignal": program.stop_signal,
        "stopwaitsecs": program.stop_seconds,
        "stopasgroup": "false",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": log_file(layout, program.name),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": 2,
    }


def _section(name: str, values: dict[str, object]) -> str:
    # supervisord expands %(…)s in every value.
    lines = [f"{key} = {str(value).replace('%', '%%')}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def _value(text: str) -> str:
    """The value of a variable in quotes; supervisord knows no escapes there."""
    for quote in ('"', "'"):
        if quote not in text:
            return f"{quote}{text}{quote}"
    raise SupervisorError(f"supervisord cannot set a variable to a value with both quotes: {text}")


def _wait(layout: Layout, *, running: bool, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while is_running(layout) != running:
        if time.monotonic() > deadline:
            word = "start" if running else "stop"
            raise SupervisorError(
                f"The supervisor did not {word} within {seconds:.0f} s:\n"
                + log_tail(layout, "supervisord")
            )
        time.sleep(0.1)


@contextmanager
def _server(layout: Layout) -> Iterator[Any]:
    transport = SupervisorTransport(None, None, f"unix://{_socket(layout)}")
    try:
        yield ServerProxy("http://127.0.0.1", transport=transport).supervisor
    finally:
        transport.close()


def _conf(layout: Layout) -> Path:
    return layout.conf / "supervisord.conf"


def _socket(layout: Layout) -> Path:
    return layout.sockets / "supervisor.sock"


def _pid_file(layout: Layout) -> Path:
    return layout.sockets / "supervisord.pid"
