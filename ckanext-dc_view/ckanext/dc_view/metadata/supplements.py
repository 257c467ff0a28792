"""Supplementary metadata (``sp:<section>:<key>``): what people said about a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.dc_view.metadata import formatting
from ckanext.dc_view.metadata.sections import Row, Section

if TYPE_CHECKING:
    from collections.abc import Mapping


def sections(values: Mapping[str, Mapping[str, Any]], schema: Mapping[str, Any]) -> list[Section]:
    """Sections of supplementary metadata, in the order of the schema.

    Parameters
    ----------
    values
        Values by section and key.
    schema
        Answer of the action ``resource_schema_supplements``; what it does not know is shown by
        its own name.
    """
    ordered = [name for name in schema if values.get(name)]
    ordered += sorted(name for name in values if name not in schema and values[name])
    return [_section(name, values[name], schema.get(name) or {}) for name in ordered]


def _section(name: str, values: Mapping[str, Any], described: Mapping[str, Any]) -> Section:
    items = {item.get("key"): item for item in described.get("items") or []}
    keys = [key for key in items if key in values]
    keys += sorted(set(values) - set(keys))
    rows = tuple(_row(key, values[key], items.get(key) or {}) for key in keys)
    return Section(f"sp:{name}", str(described.get("name") or name), rows)


def _row(key: str, value: Any, item: Mapping[str, Any]) -> Row:
    label, unit = str(item.get("name") or key), str(item.get("unit") or "")
    return Row(key, label, value, formatting.text_of(value), unit)
