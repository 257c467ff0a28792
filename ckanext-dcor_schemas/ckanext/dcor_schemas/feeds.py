"""Entries of the site's feeds: one dataset without a title must not break the feed of all."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def item_fields(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says of a dataset beyond what CKAN knows: a title always, and its authors.

    The keys are those of CKAN's feeds, ``field_`` before the name of feedgen's method.
    """
    title = _printable(dataset.get("title")) or str(dataset.get("name") or dataset["id"])
    authors = _printable(dataset.get("authors"))
    fields: dict[str, Any] = {"field_title": title}
    if authors:
        fields["field_author"] = {"name": authors}
    return fields


def _printable(text: object) -> str:
    """Without control characters, which XML does not take."""
    kept = (sign for sign in str(text or "") if not unicodedata.category(sign).startswith("C"))
    return "".join(kept).strip()
