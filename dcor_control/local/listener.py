"""Listens for a web server and becomes it: ``python -m …listener ADDRESS PORT COMMAND…``.

Answers go to clients in pieces. Unless each is sent at once, the last piece of a large answer
waits for the client's delayed acknowledgement, 40 ms. uWSGI's router has no setting for it, but
connections have the settings of the socket that accepted them. (Larger pieces would do as well,
but with them the router loses requests that are larger than a piece.)
"""

from __future__ import annotations

import os
import socket
import sys

#: The descriptor under which the command finds the socket.
DESCRIPTOR = 9
_BACKLOG = 128


def listen(address: str, port: int) -> socket.socket:
    """A listening socket whose connections send what they have at once.

    Raises
    ------
    OSError
        If somebody else listens there.
    """
    listening = socket.create_server((address, port), backlog=_BACKLOG)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def main(arguments: list[str]) -> None:
    """Listen, then replace this process by the command, which inherits the socket."""
    address, port, *command = arguments
    with listen(address, int(port)) as listening:
        os.dup2(listening.fileno(), DESCRIPTOR)
    os.execv(command[0], command)  # noqa: S606 - the supervisor's own command


if __name__ == "__main__":
    main(sys.argv[1:])
