"""What both views have in common."""

from __future__ import annotations

from typing import Any

from ckan.lib import datapreview
from ckan.plugins import toolkit as tk

from ckanext.dc_view import measurements


def info(name: str, title: str, icon: str) -> dict[str, Any]:
    """Description of a view for CKAN."""
    return {
        "name": name,
        "title": tk._(title),
        "default_title": tk._(title),
        "icon": icon,
        "iframed": False,
        "always_available": False,
    }


def can_view(data_dict: dict[str, Any]) -> bool:
    """Whether a resource is a DC measurement whose URL is on this site."""
    resource = data_dict.get("resource") or {}
    if not measurements.is_measurement(resource) or not resource.get("url"):
        return False
    return bool(datapreview.on_same_domain(data_dict))
