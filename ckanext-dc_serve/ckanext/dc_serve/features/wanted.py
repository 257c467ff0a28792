"""What a client wants of a feature: which one, which events, in which form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import flask

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Forms of the values by their names, with the media types that ask for them.
MEDIA_TYPES = {
    "json": "application/json",
    "npy": "application/octet-stream",
    "arrow": "application/vnd.apache.arrow.file",
    "arrow-stream": "application/vnd.apache.arrow.stream",
    "csv": "text/csv",
}
_ALIASES = {"application/x-npy": "npy", "application/x-numpy": "npy"}
SOURCES = ("condensed", "original")
_DIGITS_MAX = 18


@dataclass(frozen=True)
class Wanted:
    """What a client wants of a feature.

    Attributes
    ----------
    feature
        Its name.
    source
        ``condensed`` or ``original``: the file that it is taken from.
    form
        One of `MEDIA_TYPES`.
    start, stop, step
        Which events, as in a slice; `step` is positive.
    """

    feature: str
    source: str = "condensed"
    form: str = "json"
    start: int | None = None
    stop: int | None = None
    step: int = 1

    def events(self, count: int) -> range:
        """Numbers of the events among `count` ones."""
        return range(*slice(self.start, self.stop, self.step).indices(count))


def parse(parameters: Mapping[str, Any]) -> Wanted:
    """What the parameters of a request ask for.

    Raises
    ------
    ValidationError
        With the text of the first parameter that is missing or wrong.
    """
    feature = parameters.get("feature")
    if not feature or not isinstance(feature, str):
        raise tk.ValidationError("Please specify 'feature' parameter!")
    source = parameters.get("source", "condensed")
    if source not in SOURCES:
        raise tk.ValidationError("Please specify source 'condensed' or 'original'!")
    step = _integer(parameters, "step")
    if step is not None and step < 1:
        raise tk.ValidationError("The parameter 'step' must be a positive integer!")
    return Wanted(
        feature,
        source,
        _form(parameters),
        _integer(parameters, "start"),
        _integer(parameters, "stop"),
        1 if step is None else step,
    )


def _form(parameters: Mapping[str, Any]) -> str:
    form = parameters.get("format")
    if form is None:
        return _accepted()
    if not isinstance(form, str) or form not in MEDIA_TYPES:
        raise tk.ValidationError(f"Please specify one of the formats {', '.join(MEDIA_TYPES)}!")
    return form


def _accepted() -> str:
    """The form that the header Accept prefers; JSON where it does not care."""
    if not flask.has_request_context():
        return "json"
    accept = flask.request.headers.get("Accept", "*/*")
    if accept == "*/*":
        return "json"
    known = {media_type: form for form, media_type in MEDIA_TYPES.items()} | _ALIASES
    best = flask.request.accept_mimetypes.best_match(list(known), "application/json")
    return known[best]


def _integer(parameters: Mapping[str, Any], name: str) -> int | None:
    value = parameters.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str) or not _is_integer(value):
        raise tk.ValidationError(f"The parameter '{name}' must be an integer!")
    return int(value)


def _is_integer(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS_MAX
