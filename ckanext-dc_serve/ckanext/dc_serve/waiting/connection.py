"""Taking the connection of a request over from uWSGI, which then takes the request for answered."""

from __future__ import annotations

import importlib
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Seconds for which an answer may be sent: what waits behind it waits as long.
_SEND_SECONDS = 1.0
#: Sockets of uWSGI on which answers are plain HTTP; the names of its options.
_PLAIN = {"socket", "uwsgi-socket", "http-socket"}
_OTHERS = {"https-socket", "fastcgi-socket", "scgi-socket"}


class Server(Protocol):
    """What is needed of the module ``uwsgi``."""

    opt: dict[str, Any]

    def connection_fd(self) -> int:
        """Descriptor of the connection of the present request."""


def server() -> Server | None:
    """The web server, if connections can be taken over from it."""
    try:
        # the module exists within uWSGI only
        found: Any = importlib.import_module("uwsgi")
    except ImportError:
        return None
    options = set(found.opt)
    return found if options & _PLAIN and not options & _OTHERS else None


def take_over(web: Server) -> socket.socket:
    """The connection of the present request; what uWSGI writes to it from now on is lost."""
    theirs = web.connection_fd()
    ours = os.dup(theirs)
    with Path(os.devnull).open("r+b", buffering=0) as nowhere:
        os.dup2(nowhere.fileno(), theirs, inheritable=False)
    return socket.socket(fileno=ours)


def is_left(connection: socket.socket) -> bool:
    """Whether the client has given up."""
    try:
        return not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True


def send(
    connection: socket.socket,
    status: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    report: Callable[[OSError], object],
) -> None:
    """Send an answer and close the connection; `report` is told why a client did not get it."""
    given = [(name, text) for name, text in headers if name.lower() != "content-length"]
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {text}" for name, text in given)]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""])
    with connection:
        try:
            connection.settimeout(_SEND_SECONDS)
            connection.sendall(head.encode("latin-1") + body)
        except OSError as error:
            report(error)
