"""The answer to the query ``feature``: from the record's note to encoded values."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects.errors import ObjectChangedError
from dcor_shared.objects.names import object_name

from ckanext.dc_serve import binary, caching, config, records, timing
from ckanext.dc_serve.features import encoding, reading
from ckanext.dc_serve.features.columns import Column, DamagedColumnError
from ckanext.dc_serve.features.wanted import MEDIA_TYPES, Wanted, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcor_shared.objects.names import Artifact

    from ckanext.dc_serve.subject import Subject

#: Raised when the same values are encoded differently.
_ENCODING_VERSION = 1
#: Most events of an answer that is text: encoding them keeps a web process busy.
TEXT_EVENTS_MAX = 2**18
_TEXTS = {"json", "csv"}


def feature(subject: Subject, parameters: Mapping[str, Any]) -> Any:
    """Values of one scalar feature in the form that the client wants.

    Returns
    -------
    values
        A JSON object; for the other forms bytes, or their announcement (see `binary`).

    Raises
    ------
    ValidationError
        If a parameter is wrong, or the feature cannot be served.
    """
    caching.vary_by_accept()
    wanted = parse(parameters)
    column, etag = _column(subject, wanted)
    events = wanted.events(column.count)
    _check_size(wanted, column, events)
    tag = _tag(etag, wanted, column)
    if caching.is_known(tag):
        return caching.not_modified(tag)
    values = _values(subject, wanted, column, events, etag)
    with timing.measured("encode"):
        if wanted.form == "json":
            caching.add_tag(tag)
            return _document(wanted, values, column, events)
        body = encoding.ENCODERS[wanted.form](values)
    return binary.answer(body, MEDIA_TYPES[wanted.form], _file_name(wanted), tag)


def _column(subject: Subject, wanted: Wanted) -> tuple[Column, str]:
    """Place of the feature, and ETag of the object that it is in."""
    original, condensed = records.load(subject, "columns")
    noted = (condensed or {}).get("columns") if wanted.source == "condensed" else original
    etag = (condensed or {}).get("etag") if wanted.source == "condensed" else subject.etag
    if not noted or not etag:
        raise tk.ValidationError(
            f"Features of resource {subject.id} are not available before it was condensed;"
            " ask for its 'status', or use 'basins'."
        )
    try:
        return Column.from_json(noted[wanted.feature]), str(etag)
    except (KeyError, DamagedColumnError) as error:
        raise tk.ValidationError(f"Feature '{wanted.feature}' unavailable, use basins!") from error


def _check_size(wanted: Wanted, column: Column, events: range) -> None:
    most = config.feature_bytes_max() // column.item_bytes
    span = events.stop - events.start
    if wanted.form in _TEXTS:
        most = min(most, TEXT_EVENTS_MAX)
    if len(events) > most or span * column.item_bytes > config.feature_bytes_max():
        raise tk.ValidationError(
            f"This are {len(events)} of {column.count} events; at most {most} are sent at once as"
            f" {wanted.form}, and with 'step' they are taken of no more than"
            f" {config.feature_bytes_max() // column.item_bytes}."
            " Ask for parts with 'start' and 'stop', or use basins!"
        )


def _tag(etag: str, wanted: Wanted, column: Column) -> str:
    """Strong ETag: the bytes of the object and everything that decides how they are sent."""
    events = wanted.events(column.count)
    parts = (_ENCODING_VERSION, etag, wanted.feature, wanted.source, wanted.form, events)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _values(
    subject: Subject, wanted: Wanted, column: Column, events: range, etag: str
) -> encoding.Values:
    if not events:
        return encoding.Values(wanted.feature, column.dtype, b"")
    artifact: Artifact = "condensed" if wanted.source == "condensed" else "resource"
    store = object_store()
    name = object_name(store.settings, subject.circle_id, subject.id, artifact)
    first, last = events[0] // column.chunk, events[-1] // column.chunk
    try:
        with timing.measured("values"):
            raw = reading.values(reading.Place(store, name, etag), column, first, last)
    except ObjectChangedError as error:
        raise tk.ValidationError(
            f"Resource {subject.id} is being condensed anew, ask again later!"
        ) from error
    found = encoding.Values(wanted.feature, column.dtype, raw)
    events = range(events.start, events[-1] + 1, events.step)
    return encoding.taken(found, events, first * column.chunk)


def _document(
    wanted: Wanted, values: encoding.Values, column: Column, events: range
) -> dict[str, Any]:
    return {
        "feature": wanted.feature,
        "source": wanted.source,
        "dtype": column.dtype,
        "event count": column.count,
        "start": events.start,
        "stop": events.stop,
        "step": events.step,
        "values": encoding.numbers(values),
    }


def _file_name(wanted: Wanted) -> str:
    suffix = {"arrow-stream": "arrows"}.get(wanted.form, wanted.form)
    return f"{wanted.feature}.{suffix}"
