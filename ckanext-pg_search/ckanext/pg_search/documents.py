"""Datasets as CKAN wants them indexed, turned into rows of the index."""

from __future__ import annotations

import json
import logging
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.pg_search.dates import as_text, parse_stored
from ckanext.pg_search.fields import (
    ARRAYS,
    MAX_NAME,
    MOMENTS,
    PAYLOAD,
    SCALARS,
    Kind,
    body_rank,
    is_in_body,
    kind_of,
)
from ckanext.pg_search.ranking import CLASSES
from ckanext.pg_search.strings import NAMES
from ckanext.pg_search.terms import field_prefix
from ckanext.pg_search.text import Stemmer, Word, stemmable, stemmed, words
from ckanext.pg_search.vectors import VectorBuilder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

log = logging.getLogger(__name__)

_HEAD_WORDS = 60
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Row:
    """What is written for one dataset.

    Parameters
    ----------
    columns
        Values of the columns of the document, by name.
    points
        Numbers and dates of the dataset: name of the field and value.
    """

    columns: dict[str, Any]
    points: list[tuple[str, float]]


def to_row(document: Mapping[str, Any], stem: Stemmer) -> Row:
    """Turn a document for Solr into a row.

    Parameters
    ----------
    document
        What CKAN's ``PackageSearchIndex`` hands to Solr: names of fields and their values.
    stem
        Reduces words to stems.
    """
    values = {name: _values(name, value) for name, value in document.items() if _is_indexed(name)}
    values = {name: found for name, found in values.items() if found}
    columns: dict[str, Any] = {name: values.get(name, [None])[0] for name in sorted(SCALARS)}
    columns |= {name: values.get(name, []) for name in sorted(ARRAYS)}
    columns |= {name: parse_stored(document.get(name)) for name in sorted(MOMENTS)}
    columns |= {name: _payload(document.get(name)) for name in sorted(PAYLOAD)}
    columns["fields"] = _fields(values)
    columns["words"], columns["head"] = word_vectors(values, stem)
    return Row(columns, _points(values))


def _is_indexed(name: str) -> bool:
    return name not in PAYLOAD and len(name) <= MAX_NAME


def _fields(values: dict[str, list[Any]]) -> dict[str, list[Any]]:
    kept = {name: found for name, found in values.items() if name != "permission_labels"}
    return {**kept, NAMES: sorted(kept)}


def _values(name: str, value: Any) -> list[Any]:
    items = value if isinstance(value, list | tuple | set) else [value]
    kind = kind_of(name)
    if kind is Kind.NUMBER:
        return _numbers(name, items)
    if kind is Kind.DATE:
        moments = (parse_stored(item) for item in items)
        return [as_text(moment) for moment in moments if moment]
    return [_text(item) for item in items if item is not None]


def _numbers(name: str, items: Iterable[Any]) -> list[float]:
    """Keep numbers that can be compared; the rest is left out, so a dataset can always be saved."""
    numbers = []
    for item in items:
        try:
            number = float(item)
        except (TypeError, ValueError, OverflowError):
            if item not in (None, ""):
                log.warning("Left out of the search index: %s = %.50r is no number", name, item)
            continue
        if math.isfinite(number):
            numbers.append(number)
    return numbers


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else _dumped(value)
    return _NOT_STORABLE.sub("", text)


def _dumped(value: Any) -> str:
    return json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)


def _payload(value: Any) -> str | None:
    return None if value is None else _text(value)


def _points(values: Mapping[str, list[Any]]) -> list[tuple[str, float]]:
    points = set()
    for name, found in values.items():
        if kind_of(name) is Kind.NUMBER:
            points.update((name, number) for number in found)
        elif kind_of(name) is Kind.DATE and name not in MOMENTS:
            moments = (parse_stored(text) for text in found)
            points.update((name, moment.timestamp()) for moment in moments if moment)
    return sorted(points)


def word_vectors(values: Mapping[str, list[Any]], stem: Stemmer) -> tuple[str, str]:
    """Return the vector of all words and that of the head, which datasets are ranked by.

    Words that free text finds stand as they are, words of a text field with its name in front.
    """
    texts = _stemmed_texts(values, stem)
    everything, head = VectorBuilder(), VectorBuilder()
    for name, found in texts:
        if is_in_body(name):
            everything.add(found)
        if name in CLASSES:
            head.add(found[:_HEAD_WORDS], weight=CLASSES[name])
    for name, found in texts:
        if kind_of(name) is Kind.TEXT and name != "text":
            everything.add(found, prefix=field_prefix(name))
    return str(everything), str(head)


def _stemmed_texts(values: Mapping[str, list[Any]], stem: Stemmer) -> list[tuple[str, list[Word]]]:
    """Return the words of each value, what matters most first; stems are looked up at once."""
    names = [name for name in values if is_in_body(name) or kind_of(name) is Kind.TEXT]
    split = [
        (name, words(str(value), joined=True))
        for name in sorted(names, key=lambda name: (body_rank(name), name))
        for value in dict.fromkeys(values[name])
    ]
    stems = stem({term for _, found in split for term in stemmable(found)})
    return [(name, stemmed(found, stems)) for name, found in split]
