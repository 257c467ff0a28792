"""The words of the field on CKAN's pages: circles and collections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = {"organization": "circle", "group": "collection"}


@tk.chained_helper
def humanize_entity_type(
    next_helper: Callable[[str, str, str], str | None],
    entity_type: str,
    object_type: str,
    purpose: str,
) -> str | None:
    """What a page calls an organization or a group; types of other plugins keep their names."""
    is_plain = entity_type in _WORDS and object_type == entity_type
    return next_helper(entity_type, _WORDS[entity_type] if is_plain else object_type, purpose)
