"""What the script of the editor is told by its page, because the API does not say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from dcor_shared.objects.staging import MAX_PARTS, PART_UNIT

from ckanext.dcor_schemas import config, licences, suffixes
from ckanext.dcor_schemas.validators.fields import registered_licenses

if TYPE_CHECKING:
    from collections.abc import Mapping


def facts(dataset: Mapping[str, Any] | None, circle: str) -> dict[str, Any]:
    """Facts for the script, as JSON values.

    Parameters
    ----------
    dataset
        The draft; None for a new one.
    circle
        Name or id of the circle that a new dataset is meant for; may be empty.
    """
    return {
        "dataset_id": dataset["id"] if dataset else None,
        "circle": circle,
        "user": {"name": tk.current_user.name, "title": tk.current_user.display_name},
        "may_be_public": config.allow_public_datasets(),
        "may_create_circles": tk.h.check_access("organization_create"),
        "licenses": license_choices(),
        "suffixes": list(suffixes.SUPPORTED_SUFFIXES),
        "measurement_suffixes": sorted(suffixes.MEASUREMENT_MIMETYPES),
        "part_unit": PART_UNIT,
        "max_file_size": min(config.max_file_size(), MAX_PARTS * PART_UNIT),
        "urls": _urls(),
    }


def license_choices() -> dict[str, list[str]]:
    """Licences that may be chosen, and for each those that may follow it."""
    register = registered_licenses()
    known = {license_id for license_id, _title in licences.choosable(register)}
    choices = {name: sorted(licences.allowed_targets(name) & known) for name in known}
    return {"": sorted(known), **choices}


def _urls() -> dict[str, str]:
    """Addresses of pages and of the API; ``ID`` stands for a dataset."""
    return {
        "api": tk.url_for("api.action", logic_function="ACTION", ver=3, qualified=False),
        "draft": tk.url_for("dcor_schemas_editor.draft", id="ID"),
        "dataset": tk.url_for("dataset.read", id="ID"),
        "datasets": tk.url_for("dashboard.datasets"),
    }
