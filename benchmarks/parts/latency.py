"""A TCP proxy that adds latency, in a process of its own: ``with behind(port, 0.02) as proxy``.

Every piece that the server sends arrives that much later; throughput stays the same. Bytes that
go to the client are counted.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.sharedctypes import Synchronized

_PIECE = 2**18
#: Pieces that may be under way; enough for the whole bandwidth of a local server.
_UNDER_WAY = 256


@dataclass(frozen=True)
class Proxy:
    """A running proxy.

    Attributes
    ----------
    port
        Where it listens, on 127.0.0.1.
    """

    port: int
    _received: Synchronized[int]

    @property
    def bytes(self) -> int:
        """Number of bytes that the server has sent so far."""
        return self._received.value


@contextmanager
def behind(server_port: int, seconds: float) -> Iterator[Proxy]:
    """Start a proxy for a server on 127.0.0.1, and end it."""
    context = multiprocessing.get_context("spawn")
    received = context.Value("Q", 0)
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(server_port, seconds, received, theirs))
    process.start()
    try:
        yield Proxy(ours.recv(), received)
    finally:
        process.terminate()
        process.join()


def _run(server_port: int, seconds: float, received: Synchronized[int], pipe: Any) -> None:
    asyncio.run(_serve(server_port, seconds, received, pipe))


async def _serve(server_port: int, seconds: float, received: Synchronized[int], pipe: Any) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", server_port)
        await asyncio.gather(
            _forward(reader, to_server), _forward_late(from_server, writer, seconds, received)
        )

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=4 * _PIECE)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(_PIECE):
            writer.write(data)
            await writer.drain()
    writer.close()


async def _forward_late(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    seconds: float,
    received: Synchronized[int],
) -> None:
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_UNDER_WAY)

    async def deliver() -> None:
        with suppress(ConnectionError):
            while True:
                due, data = await under_way.get()
                if (early := due - loop.time()) > 0:
                    await asyncio.sleep(early)
                if not data:
                    break
                writer.write(data)
                await writer.drain()
        writer.close()

    delivery = loop.create_task(deliver())
    data = b"begin"
    with suppress(ConnectionError):
        while data:
            data = await reader.read(_PIECE)
            received.value += len(data)
            await under_way.put((loop.time() + seconds, data))
    await delivery
