"""CKAN's configuration file, made anew from the site, the secrets and the services."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from dcor_control.local.ports import LOCALHOST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dcor_control.local.ceph import StoreCredentials
    from dcor_control.local.secrets import Secrets

#: Plugins of the suite, and with them those of CKAN that show pictures and texts.
OWN_PLUGINS = ("pg_search", "dcor_schemas", "dc_serve", "dc_view", "dc_log_view")
PLUGINS = (*OWN_PLUGINS, "image_view", "text_view")
_NINETY_DAYS = str(90 * 24 * 3600)

#: What every DCOR site has in common.
_RULES = {
    "ckan.auth.anon_create_dataset": "false",
    "ckan.auth.create_unowned_dataset": "false",
    "ckan.auth.create_dataset_if_not_in_organization": "false",
    "ckan.auth.allow_collaborators_to_change_owner_org": "false",
    "ckan.auth.allow_admin_collaborators": "false",
    "ckan.auth.allow_dataset_collaborators": "true",
    "ckan.auth.user_create_groups": "true",
    "ckan.auth.user_create_organizations": "true",
    "ckan.auth.user_delete_groups": "true",
    "ckan.auth.user_delete_organizations": "false",
    "ckan.auth.roles_that_cascade_to_sub_groups": "admin",
    "ckan.auth.public_user_details": "false",
    "ckan.auth.create_user_via_api": "false",
    "ckan.auth.create_user_via_web": "false",
    "ckan.auth.create_default_api_keys": "false",
    "ckan.auth.reveal_private_datasets": "false",
    "ckan.search.default_include_private": "true",
    # DCOR-Aid reads the version before it does anything else.
    "ckan.hide_version": "false",
    "ckan.locale_default": "en",
    "ckan.gravatar_default": "disabled",
    "ckan.favicon": "/images/dcor.svg",
    "ckan.site_intro_text": "# Deformability cytometry data\n\nFind measurements, look at"
    " their events in the browser, open them remotely with dclab and DCscope, publish your own.",
    "ckan.max_resource_size": "100000",
    "ckan.upload.user.types": "image",
    "ckan.upload.group.types": "image",
    "ckan.views.default_views": "image_view text_view dc_view dc_log_view",
    # Clients ask for all circles at once, and for 1000 datasets per page.
    "ckan.group_and_organization_list_max": "100000",
    "ckan.group_and_organization_list_all_fields_max": "100000",
    "ckan.search.rows_max": "1000",
    "ckan.requests.timeout": "10",
    "ckan.extra_resource_fields": "etag sha256",
    "ckanext.dc_serve.create_condensed_datasets": "true",
    "ckanext.dc_serve.enable_intra_dataset_basins": "true",
    "ckanext.dcor_schemas.allow_content_listing_for_anon": "true",
    "ckanext.dcor_schemas.allow_public_datasets": "true",
}
_SESSION = {
    "SESSION_TYPE": "cookie",
    "SESSION_COOKIE_NAME": "dcor",
    "SESSION_COOKIE_HTTPONLY": "true",
    "SESSION_COOKIE_SAMESITE": "Strict",
    "PERMANENT_SESSION_LIFETIME": _NINETY_DAYS,
    "SESSION_REFRESH_EACH_REQUEST": "false",
    "REMEMBER_COOKIE_NAME": "remember_token",
    "REMEMBER_COOKIE_DURATION": _NINETY_DAYS,
    "REMEMBER_COOKIE_HTTPONLY": "true",
    "REMEMBER_COOKIE_SAMESITE": "Strict",
    "WTF_CSRF_ENABLED": "true",
    "WTF_CSRF_CHECK_DEFAULT": "true",
}
#: CKAN writes a line per request at INFO.
_LOGGING = """
[loggers]
keys = root, ckan, ckanext, dcor_shared

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console

[logger_ckan]
level = WARNING
handlers =
qualname = ckan

[logger_ckanext]
level = INFO
handlers =
qualname = ckanext

[logger_dcor_shared]
level = INFO
handlers =
qualname = dcor_shared

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(asctime)s %(levelname)-5.5s [%(name)s] %(message)s
"""


@dataclass(frozen=True)
class IniFacts:
    """What differs between one CKAN and the next on this machine.

    Attributes
    ----------
    site_id, title
        Identifier in the search index and name for people.
    web_port
        Port of the web server on 127.0.0.1.
    database_url, redis_url
        With passwords.
    s3_endpoint, bucket_name
        Object store and template of its bucket names.
    storage, scratch
        Folders of CKAN's own files and of the workers.
    """

    site_id: str
    title: str
    web_port: int
    database_url: str
    redis_url: str
    s3_endpoint: str
    bucket_name: str
    storage: Path
    scratch: Path

    @property
    def site_url(self) -> str:
        """Where the site is found."""
        return f"http://{LOCALHOST}:{self.web_port}"


def options(facts: IniFacts, secrets: Secrets, store: StoreCredentials) -> dict[str, str]:
    """All options of the section ``app:main``."""
    return {
        "use": "egg:ckan",
        "debug": "false",
        "ckan.plugins": " ".join(PLUGINS),
        **_place(facts, secrets),
        **_store(facts, store),
        **_RULES,
        **_SESSION,
    }


def render(values: Mapping[str, str]) -> str:
    """Text of the configuration file."""
    # A single % would be the start of an interpolation; lines that go on are indented.
    written = {
        name: value.replace("%", "%%").replace("\n", "\n  ") for name, value in values.items()
    }
    lines = [f"{name} = {value}".rstrip() for name, value in written.items()]
    head = "# Made by `dcor start` from site.toml and secrets.toml; changes here are lost.\n"
    return head + "[app:main]\n" + "\n".join(lines) + "\n" + _LOGGING


def _place(facts: IniFacts, secrets: Secrets) -> dict[str, str]:
    return {
        "ckan.site_id": facts.site_id,
        "ckan.site_title": facts.title,
        "ckan.site_url": facts.site_url,
        "sqlalchemy.url": facts.database_url,
        "ckan.redis.url": facts.redis_url,
        # Must not be empty, though the search is in the database.
        "solr_url": f"http://{LOCALHOST}:8983/solr/unused",
        "licenses_group_url": _licenses_url(),
        "ckan.storage_path": str(facts.storage),
        "ckan.webassets.path": str(facts.storage / "webassets"),
        "ckanext.dc_serve.tmp_dir": str(facts.scratch),
        "SECRET_KEY": secrets.secret_key,
        "WTF_CSRF_SECRET_KEY": secrets.csrf_secret_key,
        "SESSION_COOKIE_SECURE": "false",
        "REMEMBER_COOKIE_SECURE": "false",
    }


def _licenses_url() -> str:
    """The repository's licences, which are shipped with the plugin."""
    return f"file://{resources.files('ckanext.dcor_schemas') / 'licences' / 'licenses.json'}"


def _store(facts: IniFacts, store: StoreCredentials) -> dict[str, str]:
    return {
        f"dcor_object_store.{name}": value
        for name, value in {
            "endpoint_url": facts.s3_endpoint,
            "bucket_name": facts.bucket_name,
            "access_key_id": store.access_key_id,
            "secret_access_key": store.secret_access_key,
            "upload_access_key_id": store.upload_access_key_id,
            "upload_secret_access_key": store.upload_secret_access_key,
            "upload_user": store.upload_user,
            "ssl_verify": "true",
        }.items()
    }
