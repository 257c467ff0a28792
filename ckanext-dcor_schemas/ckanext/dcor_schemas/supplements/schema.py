"""The supplement schema: loaded from JSON files, shipped or an instance's own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.dcor_schemas import config

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The files that are shipped with the plugin.
PACKAGE_DIR: Path = Path(__file__).parent / "files"
TYPES: frozenset[str] = frozenset({"string", "integer", "float", "boolean", "date", "list"})
OPTIONS: frozenset[str] = frozenset({"choices fixed", ">0", "text"})


class BadSchemaError(ValueError):
    """A supplement file does not follow the format; the message names file and reason."""


@dataclass(frozen=True)
class Item:
    """One question about a resource."""

    section: str
    key: str
    name: str
    type: str
    unit: str = ""
    hint: str = ""
    example: Any = None
    choices: tuple[Any, ...] = ()
    options: frozenset[str] = field(default_factory=frozenset)

    @property
    def composite_key(self) -> str:
        """Key of the value in the resource dictionary."""
        return f"sp:{self.section}:{self.key}"


@dataclass(frozen=True)
class Section:
    """One file of the schema.

    Attributes
    ----------
    requires
        Values that others must have for this section to make sense: section → key → values.
    """

    key: str
    name: str
    hint: str
    items: tuple[Item, ...]
    requires: Mapping[str, Mapping[str, list[Any]]] = field(default_factory=dict)

    def applies_to(self, resource: Mapping[str, Any]) -> bool:
        """Whether the section makes sense for a resource, after what is said about it so far."""
        return all(
            resource.get(f"sp:{section}:{key}") in values
            for section, keys in self.requires.items()
            for key, values in keys.items()
        )

    def is_begun(self, resource: Mapping[str, Any]) -> bool:
        """Whether anything of this section is said about a resource."""
        return any(resource.get(item.composite_key) not in (None, "") for item in self.items)


def load() -> dict[str, Any]:
    """Content of the schema files by section, in the order of the file names."""
    return _documents(_directory())


def sections() -> tuple[Section, ...]:
    """The schema as objects, in the order of the file names."""
    return _sections(_directory())


def section_items() -> dict[str, Item]:
    """All items by composite key, in order."""
    return _items(_directory())


def composite_keys() -> frozenset[str]:
    """The composite keys that the schema knows."""
    return frozenset(section_items())


def find_item(composite_key: str) -> Item:
    """Item of a composite key.

    Raises
    ------
    KeyError
        If the schema does not know it.
    """
    return section_items()[composite_key]


def _directory() -> Path:
    configured = config.json_resource_schema_dir()
    return PACKAGE_DIR if configured == "package" else Path(configured)


@lru_cache(maxsize=8)
def _documents(directory: Path) -> dict[str, Any]:
    paths = sorted(directory.glob("*.json"), key=lambda path: path.name)
    documents = [_read(path) for path in paths]
    return {document["key"]: document for document in documents}


def _read(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        text = f"{error.msg} (in {path})"
        raise json.JSONDecodeError(text, error.doc, error.pos) from error
    section = path.stem.partition("_")[2]
    if not isinstance(document, dict) or document.get("key") != section:
        raise BadSchemaError(f"The file {path} must describe the section '{section}'")
    for entry in document["items"]:
        _check_item(entry, path)
    return document


def _check_item(entry: dict[str, Any], path: Path) -> None:
    if ":" in entry["key"] or not entry.get("name"):
        raise BadSchemaError(f"The item '{entry['key']}' in {path} needs a name and no colon")
    if entry["type"] not in TYPES:
        raise BadSchemaError(f"The item '{entry['key']}' in {path} has no type of {sorted(TYPES)}")
    if not OPTIONS.issuperset(entry.get("options", ())):
        raise BadSchemaError(f"The item '{entry['key']}' in {path} has unknown options")


@lru_cache(maxsize=8)
def _sections(directory: Path) -> tuple[Section, ...]:
    return tuple(_section(document) for document in _documents(directory).values())


def _section(document: dict[str, Any]) -> Section:
    items = tuple(_item(document["key"], entry) for entry in document["items"])
    hint, requires = document.get("hint", ""), document.get("requires", {})
    return Section(document["key"], document["name"], hint, items, requires)


def _item(section: str, entry: dict[str, Any]) -> Item:
    return Item(
        section=section,
        key=entry["key"],
        name=entry["name"],
        type=entry["type"],
        unit=entry.get("unit", ""),
        hint=entry.get("hint", ""),
        example=entry.get("example"),
        choices=tuple(entry.get("choices", ())),
        options=frozenset(entry.get("options", ())),
    )


@lru_cache(maxsize=8)
def _items(directory: Path) -> dict[str, Item]:
    return {item.composite_key: item for section in _sections(directory) for item in section.items}
