"""What the name and type of a resource say: whether it is a measurement, how copies are called."""

from __future__ import annotations

#: Mimetypes of measurements and the suffixes that they belong to.
DC_MIMETYPES = {"RT-DC": "rtdc", "DC": "dc"}
DC_SUFFIXES = frozenset(DC_MIMETYPES.values())


def is_measurement(name: str | None, mimetype: str | None) -> bool:
    """Whether a resource is a DC measurement.

    The suffix counts as well, because the mimetype may be set later than the name.
    """
    _stem, dot, suffix = (name or "").rpartition(".")
    return mimetype in DC_MIMETYPES or bool(dot and suffix in DC_SUFFIXES)


def condensed_name(name: str) -> str:
    """File name under which the condensed copy of `name` is downloaded."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}_condensed.{suffix}" if dot else f"{name}_condensed.rtdc"
