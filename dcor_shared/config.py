"""The options of the object store, read from CKAN's configuration by this module alone.

They are declared by the plugin ``dcor_schemas``.
"""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk

from dcor_shared.objects.settings import StoreSettings
from dcor_shared.objects.store import ObjectStore, open_store

_PREFIX = "dcor_object_store."
_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}


def store_settings() -> StoreSettings:
    """Where the object store is and who we are there."""
    return StoreSettings(
        endpoint_url=_text("endpoint_url").rstrip("/"),
        bucket_name=_text("bucket_name", "circle-{organization_id}"),
        access_key_id=_text("access_key_id"),
        secret_access_key=_text("secret_access_key"),
        upload_access_key_id=_text("upload_access_key_id"),
        upload_secret_access_key=_text("upload_secret_access_key"),
        upload_user=_text("upload_user", "uploader"),
        ssl_verify=ssl_verify(tk.config.get(f"{_PREFIX}ssl_verify")),
        region=_text("region", "us-east-1"),
        site_url=site_url(),
    )


def object_store() -> ObjectStore:
    """The object store of this site; makes no connection."""
    return open_store(store_settings())


def site_url() -> str:
    """Public URL of this site without a slash at its end."""
    return str(tk.config.get("ckan.site_url") or "").strip().rstrip("/")


def ssl_verify(value: Any) -> bool | str:
    """Whether TLS certificates are verified: a boolean, or the path of a bundle of CAs."""
    if value is None or isinstance(value, bool):
        return value is not False
    text = str(value).strip()
    if text.lower() in _TRUE | _FALSE | {""}:
        return text.lower() not in _FALSE
    return text


def _text(name: str, default: str = "") -> str:
    return str(tk.config.get(f"{_PREFIX}{name}") or default).strip()
