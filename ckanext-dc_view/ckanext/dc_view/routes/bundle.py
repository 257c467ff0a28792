"""The bundle from this origin, for browsers that cannot reach the object store."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - routes are called with it

import flask

from dcor_shared.config import object_store
from dcor_shared.objects.store import read_range

from ckanext.dc_view import caching, errors, parameters, records, spooling, subject
from ckanext.dc_view.routes.blueprint import dc_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.store import ObjectStore

    from ckanext.dc_view.caching import Answer

#: Bytes of one answer to a range, and of one piece of an answer with everything.
_MOST_BYTES, _PIECE = 16 * 2**20, 2**20
_TYPE = "application/octet-stream"


@dc_view.route("/view.bin")
def bundle(did: UUID, rid: UUID) -> Answer:
    """The overview bundle, or one range of it."""
    about = subject.require_measurement(did, rid)
    found = records.overview(about)
    if found is None:
        raise errors.NoOverviewError
    # the object's own, which changes whenever the bundle is made anew
    stored = found.get("etag")
    etag = stored or f"{about.etag}-v{found['step_version']}"
    if caching.is_known(etag):
        return caching.tagged(caching.Answer(status=304), about, etag)
    size = int(found["size"])
    # of answers without a body there are no ranges
    is_head = caching.is_head()
    wanted = parameters.byte_range(None if is_head else _range_header(etag), size, _MOST_BYTES)
    if is_head:
        # whether it is there
        read_range(object_store(), about.object("view"), 0, 1, stored)
        answer = caching.head_answer(_TYPE, size)
    elif wanted is None:
        # once the answer has begun nobody can be told that there is nothing
        pieces = _pieces(object_store(), about.object("view"), size, stored)
        answer = caching.file_answer(spooling.spooled(pieces), _TYPE)
    else:
        data = read_range(object_store(), about.object("view"), *wanted, stored)
        answer = caching.data_answer(data, _TYPE)
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {wanted[0]}-{wanted[1] - 1}/{size}"
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return caching.tagged(answer, about, etag)


def _range_header(etag: str) -> str | None:
    """The range that was asked for, unless it was asked of an older bundle."""
    condition = flask.request.headers.get("If-Range")
    if condition is not None and condition != f'"{etag}"':
        return None
    return flask.request.headers.get("Range")


def _pieces(store: ObjectStore, name: ObjectName, size: int, etag: str | None) -> Iterator[bytes]:
    for start in range(0, size, _PIECE):
        yield read_range(store, name, start, min(start + _PIECE, size), etag)
