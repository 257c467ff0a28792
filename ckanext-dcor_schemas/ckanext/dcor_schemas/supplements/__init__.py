"""Supplements: what people may say about a resource beyond what the file itself says.

The schema is a set of JSON files, one per section; a value is stored in the resource under the
composite key ``sp:<section>:<item>``.
"""

from __future__ import annotations

from ckanext.dcor_schemas.supplements.schema import (
    Item,
    Section,
    composite_keys,
    find_item,
    load,
    section_items,
    sections,
)
from ckanext.dcor_schemas.supplements.values import BadValueError, parse

__all__ = [
    "BadValueError",
    "Item",
    "Section",
    "composite_keys",
    "find_item",
    "load",
    "parse",
    "section_items",
    "sections",
]
