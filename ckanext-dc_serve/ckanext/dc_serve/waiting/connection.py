"""Taking the connection of a request over from uWSGI, which then takes the request for answered."""

from __future__ import annotations

import importlib
import os
import socket
from pathlib import Path
from typing import Any, Protocol

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
    ours = socket.socket(fileno=os.dup(theirs))
    try:
        with Path(os.devnull).open("r+b", buffering=0) as nowhere:
            os.dup2(nowhere.fileno(), theirs, inheritable=False)
    except OSError:
        ours.close()
        raise
    return ours


def is_left(connection: socket.socket) -> bool:
    """Whether the client has given up."""
    try:
        return not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
