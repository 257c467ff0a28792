"""The picture that other sites show beside a link to a measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from ckanext.dc_view import measurements, records

if TYPE_CHECKING:
    from collections.abc import Mapping


def dc_view_card_url(resource: Mapping[str, Any], package: Mapping[str, Any]) -> str | None:
    """Whole address of the preview of a public measurement, None where nobody else would see it."""
    is_public = package.get("state") == "active" and not package.get("private")
    if not (is_public and measurements.is_measurement(resource)):
        return None
    if not records.has_preview(resource["id"], resource.get("etag")):
        return None
    place = {"did": package["id"], "rid": resource["id"]}
    return str(tk.url_for("dc_view.dcpreview", qualified=True, **place))
