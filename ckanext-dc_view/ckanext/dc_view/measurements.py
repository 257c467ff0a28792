"""What the name and type of a resource say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Mimetypes of measurements and the suffixes that they belong to.
DC_MIMETYPES = {"RT-DC": ".rtdc", "DC": ".dc"}


def is_measurement(resource: Mapping[str, Any]) -> bool:
    """Whether a resource dictionary describes a DC measurement."""
    return resource.get("mimetype") in DC_MIMETYPES


def preview_name(name: str) -> str:
    """File name under which the preview of `name` is shown and saved."""
    stem, dot, _suffix = name.rpartition(".")
    return f"{stem if dot else name}_preview.jpg"
