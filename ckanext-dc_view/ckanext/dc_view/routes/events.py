"""Single events: what the overview does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 - routes are called with it

import flask

from ckanext.dc_view import caching, errors, parameters, reading, records, subject, turns
from ckanext.dc_view.routes.blueprint import dc_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.dc_view.caching import Answer
    from ckanext.dc_view.subject import Subject

#: Raised when the answers change although the measurement has not.
_VERSION = 1
_CONTAINER, _PICTURE = "application/octet-stream", "image/png"
_KINDS = {"image", "background", "mask"}


@dc_view.route("/events/<string(maxlength=15):event>.json")
def event_json(did: UUID, rid: UUID, event: str) -> Answer:
    """All scalar values of an event, its outline, and what else there is of it."""
    index = parameters.index(event)

    def make(about: Subject) -> Answer:
        values = reading.ask(reading.with_values(about), ask="values", index=index)
        facts: dict[str, Any] = reading.picture_of(about, index).ask("facts")
        return caching.json_answer(facts | {"values": values})

    return _answered(did, rid, f"{index}.json", make)


@dc_view.route("/events/<string(maxlength=15):event>.bin")
def event_bin(did: UUID, rid: UUID, event: str) -> Answer:
    """Pictures, outline and traces of an event in one container."""
    index = parameters.index(event)

    def make(about: Subject) -> Answer:
        data = reading.picture_of(about, index).ask("event")
        return caching.data_answer(data, _CONTAINER)

    return _answered(did, rid, f"{index}.bin", make)


@dc_view.route("/events/<string(maxlength=15):event>/<kind>.png")
def event_picture(did: UUID, rid: UUID, event: str, kind: str) -> Answer:
    """One picture of an event: ``image``, ``background`` or ``mask``."""
    if kind not in _KINDS:
        raise errors.NotFoundError
    index = parameters.index(event)

    def make(about: Subject) -> Answer:
        data = reading.picture_of(about, index).ask("picture", kind=kind)
        return caching.data_answer(data, _PICTURE)

    return _answered(did, rid, f"{index}.{kind}", make)


@dc_view.route("/events.bin")
def event_batch(did: UUID, rid: UUID) -> Answer:
    """Cropped images of up to 96 events in one container."""
    indices = parameters.indices(flask.request.args)

    def make(about: Subject) -> Answer:
        data = reading.pictures_of(about, indices).ask("sprites")
        return caching.data_answer(data, _CONTAINER)

    return _answered(did, rid, ",".join(map(str, indices)), make)


def _answered(did: UUID, rid: UUID, what: str, make: Callable[[Subject], Answer]) -> Answer:
    """The answer, made only if the one who asks does not have it yet; permission comes first."""
    about = subject.require_measurement(did, rid)
    etag = f"{about.etag}-{records.besides(about)}-{what}-v{_VERSION}"
    if caching.is_known(etag):
        return caching.tagged(caching.Answer(status=304), about, etag)
    turns.take()
    return caching.tagged(make(about), about, etag)
