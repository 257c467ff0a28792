"""The options of this plugin; nothing else reads them.

Options of the object store are read through :mod:`dcor_shared.config`.
"""

from __future__ import annotations

from ckan.plugins import toolkit as tk

from dcor_shared.config import ssl_verify

_PREFIX = "ckanext.dcor_schemas."


def allow_content_listing_for_anon() -> bool:
    """Whether visitors without login may list circles, collections and tags."""
    return bool(tk.config[_PREFIX + "allow_content_listing_for_anon"])


def allow_public_datasets() -> bool:
    """Whether datasets may be public at all."""
    return bool(tk.config[_PREFIX + "allow_public_datasets"])


def json_resource_schema_dir() -> str:
    """Directory of the supplement schemas, or ``package``."""
    return str(tk.config[_PREFIX + "json_resource_schema_dir"])


def notify_user_create() -> bool:
    """Whether the maintainer gets a mail about new users."""
    return bool(tk.config[_PREFIX + "notify_user_create"])


def confirm_email() -> bool:
    """Whether users of the sign-up form have to confirm their mail address."""
    return bool(tk.config[_PREFIX + "confirm_email"])


def smtp_ssl_verify() -> bool | str:
    """Whether the mail server's certificate is verified, or by which authorities."""
    return ssl_verify(tk.config[_PREFIX + "smtp_ssl_verify"])


def max_file_size() -> int:
    """Largest file that may be uploaded, in bytes."""
    return int(tk.config[_PREFIX + "max_file_size"])


def max_pending_uploads() -> int:
    """Number of unregistered uploads that a user may have within a day."""
    return int(tk.config[_PREFIX + "max_pending_uploads"])


def activation_wait() -> int:
    """Seconds that an activation waits for the check of the measurements."""
    return int(tk.config[_PREFIX + "activation_wait"])


def publish_wait() -> int:
    """Seconds that a request spends on changing the visibility of objects."""
    return int(tk.config[_PREFIX + "publish_wait"])


def delete_grace_period() -> int:
    """Seconds between the purge of a dataset and the deletion of its objects."""
    return int(tk.config[_PREFIX + "delete_grace_period"])


def denied_mail_domains() -> list[str]:
    """Mail domains that may not sign up."""
    return list(tk.config[_PREFIX + "denied_mail_domains"])


def allowed_mail_domains() -> list[str]:
    """Mail domains that may sign up; empty if all may that are not denied."""
    return list(tk.config[_PREFIX + "allowed_mail_domains"])
