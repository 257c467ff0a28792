"""What others may keep of an answer, and how large ones are sent.

A turn ends before its answer is sent, and a client may take an answer as slowly as it likes. So
large ones are files, which the web server sends beside its processes (uWSGI: ``offload-threads``).
"""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any

import flask
from werkzeug.datastructures import ResponseCacheControl

from ckanext.dc_view import spooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.dc_view.subject import Subject

#: Seconds for which everybody may keep public data.
PUBLIC_SECONDS = 3600
#: Bytes of a file that are sent at once; also those that fit on the way to a client at any time.
_PIECE = 128 * 1024


class Answer(flask.Response):
    """An answer that decides itself what may be kept of it.

    CKAN declares answers as public after the view has spoken, also those about private data; what
    it sets here is lost.
    """

    @property
    def cache_control(self) -> ResponseCacheControl:
        """A copy, to be changed without consequences."""
        return ResponseCacheControl(())


def never(answer: Answer) -> Answer:
    """Nobody may keep this answer."""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def limited(answer: Answer, subject: Subject, seconds: int) -> Answer:
    """Everybody may keep public data for some seconds, nobody may keep private data."""
    if not subject.is_public:
        return never(answer)
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    return answer


def tagged(answer: Answer, subject: Subject, etag: str) -> Answer:
    """Data that stay the same as long as `etag` does; private ones are asked for each time."""
    answer.set_etag(etag)
    answer.vary.add("Cookie")
    answer.vary.add("Authorization")
    if subject.is_public:
        answer.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    else:
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def is_known(etag: str) -> bool:
    """Whether the one who asks has this very answer already."""
    return flask.request.if_none_match.contains(etag)


def json_answer(document: Any, status: int = 200) -> Answer:
    """A JSON answer that browsers never take for anything else."""
    data = flask.json.dumps(document, allow_nan=False).encode()
    answer = _of(data)
    answer.status_code = status
    answer.mimetype = "application/json"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def data_answer(data: bytes, media_type: str) -> Answer:
    """An answer of bytes that browsers never take for anything else."""
    return _inert(_of(data), media_type)


def file_answer(file: IO[bytes], media_type: str) -> Answer:
    """The same of a file with a descriptor, which is closed afterwards."""
    return _inert(_sent(file), media_type)


def head_answer(media_type: str, size: int | None = None) -> Answer:
    """What is told of an answer to those who want nothing else (``HEAD``).

    Parameters
    ----------
    size
        Bytes that the answer would have; None if that is known only when it is made.
    """
    return _inert(_head(size), media_type)


def is_head() -> bool:
    """Whether the one who asks wants to know of an answer only."""
    return flask.request.method == "HEAD"


def _head(size: int | None) -> Answer:
    # an iterator has no length, which the answer would be given otherwise
    answer = Answer(iter(()))
    if size is not None:
        answer.content_length = size
    return answer


def _of(data: bytes) -> Answer:
    if len(data) <= _PIECE:
        return Answer(data)
    return _head(len(data)) if is_head() else _sent(spooling.spooled([data]))


def _sent(file: IO[bytes]) -> Answer:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    wrapped = flask.request.environ.get("wsgi.file_wrapper")
    if wrapped is None or is_head():
        answer = Answer(_pieces(file))
    else:
        # the server's own way, which needs the file as it is; it is closed like any answer
        answer = Answer(wrapped(file, _PIECE), direct_passthrough=True)
    answer.content_length = size
    # the server closes every answer, also one that nobody wanted to the end
    answer.call_on_close(file.close)
    return answer


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _inert(answer: Answer, media_type: str) -> Answer:
    answer.mimetype = media_type
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
