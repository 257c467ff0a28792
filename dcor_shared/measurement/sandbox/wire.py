"""Messages between the parent and a sandboxed process: one kind, a length, the bytes.

The other side may have been taken over by a hostile file, so nothing is believed: lengths are
bounded before anything is read, and JSON is all that is ever decoded.
"""

from __future__ import annotations

import json
import struct
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

_HEADER = struct.Struct("!cQ")
#: A JSON document.
DOCUMENT = b"J"
#: Bytes of the source.
BYTES = b"B"
#: The source could not be read.
FAILED = b"F"


class WireError(Exception):
    """The other side sent something that is no message."""


class WireClosedError(WireError):
    """The other side is gone."""


class WireTimeoutError(WireError):
    """The other side sent nothing before the deadline."""


def send(sock: socket.socket, kind: bytes, payload: bytes) -> None:
    """Send one message."""
    sock.sendall(_HEADER.pack(kind, len(payload)) + payload)


def send_document(sock: socket.socket, document: Any) -> None:
    """Send a JSON document; NaN and infinities are refused."""
    text = json.dumps(document, allow_nan=False, separators=(",", ":"))
    send(sock, DOCUMENT, text.encode("ascii"))


def receive(
    sock: socket.socket, *, at_most: int, deadline: float | None = None
) -> tuple[bytes, bytes]:
    """Receive one message.

    Parameters
    ----------
    sock
        Connected stream socket.
    at_most
        Longest payload that is accepted, in bytes.
    deadline
        Value of :func:`time.monotonic` after which :class:`WireTimeoutError` is raised.
    """
    kind, length = _HEADER.unpack(_receive_exactly(sock, _HEADER.size, deadline))
    if length > at_most:
        raise WireError(f"a message of {length} bytes is longer than the {at_most} allowed")
    return kind, _receive_exactly(sock, length, deadline)


def decode(payload: bytes) -> Any:
    """Decode a JSON document that an untrusted process sent."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise WireError("a message is no JSON document") from error


def _receive_exactly(sock: socket.socket, length: int, deadline: float | None) -> bytes:
    buffer = bytearray()
    while len(buffer) < length:
        _set_timeout(sock, deadline)
        try:
            piece = sock.recv(min(length - len(buffer), 1024**2))
        except TimeoutError as error:
            raise WireTimeoutError("no answer in time") from error
        except ConnectionError as error:
            raise WireClosedError("connection lost") from error
        if not piece:
            raise WireClosedError("connection closed")
        buffer += piece
    return bytes(buffer)


def _set_timeout(sock: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        return
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise WireTimeoutError("no answer in time")
    sock.settimeout(remaining)
