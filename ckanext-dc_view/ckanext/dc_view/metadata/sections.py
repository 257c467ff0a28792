"""Metadata in sections with rows, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.dc_view.metadata import formatting
from ckanext.dc_view.metadata.descriptions import DESCRIPTIONS, MEDIA

Values = Mapping[str, Mapping[str, Any]]

_TITLES = {
    "online_contour": "Online contour",
    "online_filter": "Online filter",
    "qpi": "Quantitative phase imaging",
    "fmt_tdms": "Format tdms",
    "user": "User-defined",
}
#: Sections in their order; others follow, sorted.
_ORDER = (*DESCRIPTIONS, "user")
_LABELS = {
    ("experiment", "sample"): "Sample name",
    ("setup", "module composition"): "Modules used",
    ("setup", "software version"): "Software",
}
_CUT = {("experiment", "date"), ("experiment", "time"), ("setup", "chip region")}
_DC_DOCS, _DCNUM_DOCS = "https://dc.readthedocs.io/", "https://dcnum.readthedocs.io/"


@dataclass(frozen=True)
class Row:
    """One value.

    Attributes
    ----------
    key
        Its key in the file.
    label
        What it is, in words.
    value
        The value as it is stored.
    text, unit
        The value for people.
    href
        Where to read more, if anywhere.
    """

    key: str
    label: str
    value: Any
    text: str
    unit: str = ""
    href: str | None = None

    @property
    def shown(self) -> str:
        """Text and unit."""
        return f"{self.text} {self.unit}" if self.unit else self.text


@dataclass(frozen=True)
class Section:
    """Values that belong together."""

    section: str
    title: str
    rows: tuple[Row, ...]


def group(resource: Mapping[str, Any], prefix: str = "dc") -> dict[str, dict[str, Any]]:
    """Fields ``<prefix>:<section>:<key>`` of a resource dictionary by section and key.

    Everything after the second colon is the key.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, value in resource.items():
        parts = name.split(":", 2)
        if len(parts) == 3 and parts[0] == prefix:  # noqa: PLR2004 - prefix, section, key
            found.setdefault(parts[1], {})[parts[2]] = value
    return found


def merge(first: Values, second: Values) -> dict[str, dict[str, Any]]:
    """Values of both, by section and key; those of `first` win."""
    names = dict.fromkeys([*first, *second])
    return {name: {**second.get(name, {}), **first.get(name, {})} for name in names}


def sections(values: Values) -> list[Section]:
    """All sections that have values."""
    known = [name for name in _ORDER if values.get(name)]
    others = sorted(name for name in values if name not in _ORDER and values[name])
    return [_section(name, values[name]) for name in (*known, *others)]


def _section(name: str, values: Mapping[str, Any]) -> Section:
    known = [key for key in DESCRIPTIONS.get(name, {}) if key in values]
    others = sorted(set(values) - set(known))
    rows = tuple(row(name, key, values[key]) for key in (*known, *others))
    return Section(name, _TITLES.get(name, name[:1].upper() + name[1:]), rows)


def row(section: str, key: str, value: Any) -> Row:
    """One value with its label, unit and text; unknown keys are shown by their names."""
    place = (section, key)
    label = _LABELS.get(place) or DESCRIPTIONS.get(section, {}).get(key, key)
    if place in _CUT:
        label = label.partition("(")[0].rstrip()
    label, unit = formatting.split_unit(label)
    text = _TEXTS.get(place, formatting.text_of)(value)
    if place == ("experiment", "timestamp"):
        unit = ""
    href = _docs(section, key)
    return Row(key, label, value, text, unit, href)


def _docs(section: str, key: str) -> str | None:
    """Where identifiers are explained that say nothing by themselves."""
    if section == "pipeline" and key.startswith("dcnum "):
        return _DCNUM_DOCS
    return _DC_DOCS if (section, key) == ("setup", "identifier") else None


def _modules(value: Any) -> str:
    return ", ".join(part.strip() for part in formatting.text_of(value).split(","))


def _medium(value: Any) -> str:
    """The recorded name; where it is an alias, with the medium that it stands for."""
    text = formatting.text_of(value)
    known = MEDIA.get(text)
    return text if known in (None, text) else f"{text} ({known})"


_TEXTS: dict[tuple[str, str], Callable[[Any], str]] = {
    ("experiment", "timestamp"): formatting.moment,
    ("setup", "medium"): _medium,
    ("setup", "module composition"): _modules,
}
