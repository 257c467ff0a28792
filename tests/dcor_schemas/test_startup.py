"""What is said in the log when the plugin is loaded."""

from __future__ import annotations

import pytest

from ckanext.dcor_schemas import startup

_KEY = "dcor_object_store.upload_access_key_id"


@pytest.mark.parametrize(("key", "complaints"), [("", 1), ("AKIA", 0)])
def test_a_missing_upload_user_is_complained_about(caplog, key, complaints):
    startup.complain_about_upload_user({_KEY: key})
    assert caplog.text.count(f"{_KEY} is not set") == complaints


@pytest.mark.parametrize(("weak", "demanded"), [(None, True), ("false", True), ("true", False)])
def test_the_sandbox_is_demanded_unless_the_site_says_otherwise(monkeypatch, weak, demanded):
    asked = []
    monkeypatch.setattr(startup, "demand_protections", lambda **given: asked.append(given))
    startup.demand_sandbox({"ckanext.dcor_schemas.allow_weak_sandbox": weak} if weak else {})
    assert asked == [{"demanded": demanded}]
