"""The file types that may become resources."""

from __future__ import annotations

#: Suffixes of resource names; clients rely on this list and its order.
SUPPORTED_SUFFIXES: tuple[str, ...] = (
    ".rtdc",
    ".ini",
    ".csv",
    ".tsv",
    ".pdf",
    ".txt",
    ".jpg",
    ".png",
    ".tif",
    ".py",
    ".ipynb",
    ".poly",
    ".sof",
    ".so2",
)
#: Media types of measurements, by suffix.
MEASUREMENT_MIMETYPES: dict[str, str] = {".rtdc": "RT-DC", ".dc": "DC"}


def suffix_of(name: str) -> str:
    """The text from the last dot on, as written; empty without a dot."""
    stem, dot, suffix = name.rpartition(".")
    del stem
    return dot + suffix if dot else ""


def is_measurement(name: str) -> bool:
    """Whether the name says that this is a DC measurement (exactly ``.rtdc`` or ``.dc``)."""
    return suffix_of(name) in MEASUREMENT_MIMETYPES
