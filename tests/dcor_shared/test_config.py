"""The options of the object store."""

from __future__ import annotations

import pytest


@pytest.fixture
def config(ckan):
    """The module, with CKAN loaded."""
    from dcor_shared import config

    return config


@pytest.fixture
def options(ckan, monkeypatch):
    """Sets options of the site, and nothing but them."""
    from ckan.plugins import toolkit as tk

    for name in [name for name in tk.config if name.startswith("dcor_object_store.")]:
        monkeypatch.delitem(tk.config, name)

    def set_options(**values):
        monkeypatch.setitem(tk.config, "ckan.site_url", "https://dcor.example.org/")
        for name, value in values.items():
            monkeypatch.setitem(tk.config, f"dcor_object_store.{name}", value)

    return set_options


def test_options_become_settings(config, options):
    options(
        endpoint_url="https://objects.example.org/",
        bucket_name="lab-{organization_id}",
        access_key_id="application",
        secret_access_key="secret",
        upload_access_key_id="uploader-key",
        upload_secret_access_key="other",
        upload_user="someone",
        ssl_verify="/etc/ssl/laboratory.pem",
        region="eu-central-1",
    )
    settings = config.store_settings()
    assert settings.endpoint_url == "https://objects.example.org"
    assert settings.bucket_name == "lab-{organization_id}"
    assert settings.upload_access_key_id == "uploader-key"
    assert settings.upload_user == "someone"
    assert settings.ssl_verify == "/etc/ssl/laboratory.pem"
    assert settings.region == "eu-central-1"
    assert settings.site_url == "https://dcor.example.org"
    assert settings.is_complete
    assert config.object_store().settings == settings


def test_a_site_without_options_has_an_incomplete_store(config, options):
    options()
    assert config.store_settings().is_complete is False


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, True),
        (True, True),
        (False, False),
        ("true", True),
        ("TRUE", True),
        ("", True),
        ("False", False),
        ("0", False),
        (" off ", False),
        ("/a/bundle.pem", "/a/bundle.pem"),
    ],
)
def test_verification_of_certificates_is_a_switch_or_a_bundle(config, given, expected):
    assert config.ssl_verify(given) == expected
