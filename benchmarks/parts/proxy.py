"""A distant server: a proxy that lets every request wait, and counts them."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"DELETE ")


class DelayProxy:
    """A TCP proxy that holds back what clients send.

    Attributes
    ----------
    url
        Where it listens.
    delay
        Seconds for which everything that a client sends is held back; may be changed.
    lines
        The requests so far: first line, and the range that is asked for.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.delay = 0.0
        self.lines: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept no further connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for work in (self._forward, self._back):
                threading.Thread(target=work, args=(client, server), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        while data := _receive(client):
            if data.startswith(_METHODS):
                self.lines.append(_line(data))
                time.sleep(self.delay)
            if not _send(server, data):
                break
        _end(server)

    def _back(self, client: socket.socket, server: socket.socket) -> None:
        while (data := _receive(server)) and _send(client, data):
            pass
        _end(client)


def _line(request: bytes) -> str:
    first, *headers = request.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")
    ranges = [header.lower() for header in headers if header.lower().startswith("range:")]
    return " ".join([first, *ranges])


@contextmanager
def delay_proxy(target: str) -> Iterator[DelayProxy]:
    """A proxy for as long as the context."""
    proxy = DelayProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()


def _receive(one: socket.socket) -> bytes:
    try:
        return one.recv(1 << 18)
    except OSError:
        return b""


def _send(one: socket.socket, data: bytes) -> bool:
    try:
        one.sendall(data)
    except OSError:
        return False
    return True


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
