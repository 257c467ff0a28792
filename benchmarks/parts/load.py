"""Clients that send the same request again and again and cost next to nothing themselves.

The machine that measures is the one that serves: a client in need of processor time would be
measured along. So this speaks just enough HTTP over a plain socket.
"""

from __future__ import annotations

import socket
import statistics
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit


class AnswerError(Exception):
    """The server did not answer as expected."""


class Client:
    """One keep-alive connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def get(self, raw: bytes) -> tuple[int, bytes, bytes]:
        """Send a request as it is; status, head and body of the answer."""
        self._socket.sendall(raw)
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        head = bytes(data[:end])
        length = _content_length(head)
        while len(data) < end + 4 + length:
            data += self._receive()
        return int(head.split(b" ", 2)[1]), head, bytes(data[end + 4 :])

    def _receive(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise AnswerError("the server closed the connection")
        return data


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise AnswerError(f"an answer without Content-Length: {head.decode('latin-1')}")


def request(url: str, headers: dict[str, str] | None = None) -> bytes:
    """The bytes of a GET request for `url`."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass
class Contender:
    """One request that is measured.

    Attributes
    ----------
    name
        What is printed.
    url, headers
        The request.
    times
        Seconds of every answer so far.
    walls
        Seconds of every block, and the number of requests in it.
    """

    name: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    walls: list[tuple[float, int]] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Median time of an answer [s]."""
        return statistics.median(self.times)

    @property
    def rate(self) -> float:
        """Requests per second: median over the blocks."""
        return statistics.median(number / seconds for seconds, number in self.walls)

    def body(self) -> bytes:
        """Body of one answer."""
        client = Client(self.url)
        try:
            status, _head, body = client.get(request(self.url, self.headers))
        finally:
            client.close()
        if status != 200:  # noqa: PLR2004
            raise AnswerError(f"{self.name}: {status} {body[:500]!r}")
        return body


def measure(contenders: list[Contender], *, clients: int, requests: int, rounds: int) -> None:
    """Measure in turn: every round gives each contender one block of requests.

    Parameters
    ----------
    clients
        Number of clients that ask at the same time.
    requests
        Requests per client and block.
    rounds
        Number of rounds; one more before them is not counted.
    """
    for number in range(rounds + 1):
        for contender in contenders:
            started = time.perf_counter()
            times = _block(contender, clients, requests if number else max(requests // 4, 20))
            seconds = time.perf_counter() - started
            if number:
                contender.times += times
                contender.walls.append((seconds, len(times)))


def _block(contender: Contender, clients: int, requests: int) -> list[float]:
    results: list[list[float]] = [[] for _ in range(clients)]
    failures: list[BaseException] = []

    def work(times: list[float]) -> None:
        try:
            _ask(contender, requests, times)
        except (OSError, AnswerError) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(times,)) for times in results]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return [seconds for times in results for seconds in times]


def _ask(contender: Contender, requests: int, times: list[float]) -> None:
    raw = request(contender.url, contender.headers)
    client = Client(contender.url)
    try:
        for _ in range(requests):
            started = time.perf_counter()
            status, _head, body = client.get(raw)
            times.append(time.perf_counter() - started)
            if status != 200:  # noqa: PLR2004
                raise AnswerError(f"{contender.name}: {status} {body[:500]!r}")
    finally:
        client.close()
