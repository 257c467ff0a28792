"""What the application answers to a request that waited, and the bytes that are sent of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import WSGIApplication, WSGIEnvironment

Answer = tuple[str, list[tuple[str, str]], bytes]

#: The answer where there is none, in the envelope that clients expect.
FAILURE: Answer = (
    "500 INTERNAL SERVER ERROR",
    [("Content-Type", "application/json;charset=utf-8")],
    (
        b'{"success": false, "error": {"__type": "Internal Server Error",'
        b' "message": "Internal Server Error"}}'
    ),
)


class AnswerTooLargeError(Exception):
    """An answer takes more memory than all of them may."""


def ask(application: WSGIApplication, environ: WSGIEnvironment, at_most: int) -> Answer:
    """Status, headers and body of the answer of an application.

    Raises
    ------
    AnswerTooLargeError
        If the body has more bytes than `at_most`.
    """
    given: list[tuple[str, list[tuple[str, str]]]] = []

    def note(status: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
        given.append((status, headers))
        return lambda _piece: None

    pieces = application(environ, note)
    try:
        body = b"".join(_bounded(pieces, at_most))
    finally:
        if (close := getattr(pieces, "close", None)) is not None:
            close()
    return *given[-1], body


def _bounded(pieces: Iterable[bytes], at_most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > at_most:
            raise AnswerTooLargeError(f"The answer has more than {at_most} bytes.")
        yield piece


def packed(answer: Answer, method: str = "GET") -> bytes:
    """An answer as it goes over the connection.

    Parameters
    ----------
    answer
        Status, headers, body.
    method
        Of the request: HEAD gets the headers alone.

    Raises
    ------
    UnicodeEncodeError
        If a header has characters that no header can have.
    """
    status, headers, body = answer
    ours = ["connection"]
    # without it the router in front takes the end of this connection for a pause of it, and a
    # client whose answer breaks off would wait for the rest
    lines = [f"HTTP/1.1 {status}", "Connection: close"]
    if method != "HEAD" and not status.startswith("304"):
        lines.append(f"Content-Length: {len(body)}")
    if method != "HEAD":
        ours.append("content-length")
    lines += [f"{name}: {text}" for name, text in headers if name.lower() not in ours]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return head if method == "HEAD" else head + body
