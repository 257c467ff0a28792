"""What is done once, when the plugin is loaded."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ckan.plugins import toolkit as tk

from dcor_shared.measurement.sandbox import demand_protections

if TYPE_CHECKING:
    from ckan.common import CKANConfig

log = logging.getLogger(__name__)


def complain_about_licenses(config: CKANConfig) -> None:
    """Say in the log that no licences of our own are configured."""
    if not config.get("licenses_group_url"):
        log.error(
            "licenses_group_url is not set: the site offers CKAN's licences, not the repository's."
            " Let it point to licenses.json or licenses_medical.json of this plugin."
        )


def complain_about_upload_user(config: CKANConfig) -> None:
    """Say in the log that upload URLs can do more than upload."""
    if not config.get("dcor_object_store.upload_access_key_id"):
        log.warning(
            "dcor_object_store.upload_access_key_id is not set: upload URLs are signed by the"
            " application's user, and on stores that obey unsigned headers (Ceph) whoever holds one"
            " can copy any object. Make a user who may only write to upload/*, and set its keys."
        )


def demand_sandbox(config: CKANConfig) -> None:
    """Let no file be looked into without all protections, unless the site says so."""
    weak = config.get("ckanext.dcor_schemas.allow_weak_sandbox", False)
    demand_protections(demanded=not tk.asbool(weak))


def editable_license_option(schema: dict[str, object]) -> dict[str, object]:
    """Make ``licenses_group_url`` editable at run time as long as it is not configured."""
    if not tk.config.get("licenses_group_url"):
        ignore_missing, text = tk.get_validator("ignore_missing"), tk.get_validator("unicode_safe")
        schema["licenses_group_url"] = [ignore_missing, text]
    return schema
