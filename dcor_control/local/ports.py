"""Ports on 127.0.0.1: found once, kept, and a clear word when somebody else has one."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from dcor_control.errors import ControlError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: All ports are taken from here. Outgoing connections hold ports from 32768 on.
_FIRST, _LAST = 20000, 32000
LOCALHOST = "127.0.0.1"
#: Addresses of files contain those of the site and the object store; Ceph remembers its own.
_MOVABLE = {"postgres", "redis"}
_OTHER = ", or choose another port in the table [ports] of var/site.toml."


class PortTakenError(ControlError):
    """A port of the instance is used by another program."""

    def __init__(self, name: str, port: int) -> None:
        other = _OTHER if name in _MOVABLE else "."
        super().__init__(
            f"Port {port} ({name}) is taken by {holder(port)}. Stop that program{other}"
        )


class NoFreePortError(ControlError):
    """There are not enough unused ports for the instance."""

    def __init__(self, start: int, count: int) -> None:
        super().__init__(
            f"No {count} free ports in a row between {start} and {_LAST}. Stop other programs "
            f"(other instances?) that listen on {LOCALHOST}, and try again."
        )


@dataclass(frozen=True)
class PortRequest:
    """Wish for `count` ports in a row, known by the name of the first."""

    name: str
    count: int = 1


def choose(
    wishes: Iterable[PortRequest], kept: Mapping[str, int], *, start: int = _FIRST
) -> dict[str, int]:
    """Ports for all `wishes`: those in `kept` as they are, free ones for the others.

    Parameters
    ----------
    start
        Where to begin to look, so that instances do not all want the same ports.
    """
    ports = {wish.name: kept[wish.name] for wish in wishes if wish.name in kept}
    candidate = start
    for wish in wishes:
        if wish.name not in ports:
            ports[wish.name] = _next_free(candidate, wish.count)
            candidate = ports[wish.name] + wish.count
    return ports


def require_free(name: str, port: int) -> None:
    """Make sure that nobody listens on `port`.

    Raises
    ------
    PortTakenError
        If somebody does; the message says who.
    """
    if not is_free(port):
        raise PortTakenError(name, port)


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Servers set this too; without it a port in TIME_WAIT would look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """Words for the process that listens on `port`, as far as we may know it."""
    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections(kind="tcp"):
            is_server = connection.status == psutil.CONN_LISTEN
            if is_server and connection.pid and connection.laddr[1:] == (port,):
                process = psutil.Process(connection.pid)
                return f"'{process.name()}' (process {process.pid} of {process.username()})"
    return "a process of another user"


def _next_free(start: int, count: int) -> int:
    for first in range(start, _LAST - count):
        if all(is_free(port) for port in range(first, first + count)):
            return first
    raise NoFreePortError(start, count)
