"""Relationships show at both of their datasets, so only sysadmins make them."""

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from tests.dcor_schemas.auth.conftest import as_script


@pytest.fixture
def pair(new_dataset):
    """How a draft would be related to an active dataset."""
    draft, active = new_dataset("draft"), new_dataset("active")
    return {"subject": draft["id"], "object": active["id"], "type": "depends_on"}


def _relationships(dataset_id):
    model.Session.remove()
    fresh = {"ignore_auth": True, "use_cache": False}
    shown = tk.get_action("package_show")(fresh, {"id": dataset_id})
    return shown["relationships_as_subject"] + shown["relationships_as_object"]


@pytest.mark.parametrize("role", ["anonymous", "circle editor", "circle admin"])
def test_only_sysadmins_relate_datasets(cast, pair, status, role):
    code, message = status("package_relationship_create", cast[role], comment="x", **pair)
    assert code == 403, message
    assert not _relationships(pair["object"])


def test_relationships_stay_as_they_are(cast, pair, status):
    as_script("package_relationship_create", cast["sysadmin"].name, comment="first", **pair)
    editor = cast["circle editor"]
    for action in ("create", "update", "delete"):
        code, message = status(f"package_relationship_{action}", editor, comment="new", **pair)
        assert code == 403, message
    assert [one["comment"] for one in _relationships(pair["object"])] == ["first"]


def test_an_update_of_a_draft_relates_nothing(cast, pair, status):
    editor = cast["circle editor"]
    for field in ("relationships_as_subject", "relationships_as_object"):
        data = {"id": pair["subject"], field: [pair | {"comment": "x"}]}
        code, message = status("package_patch", editor, **data)
        assert code == 403, message
        assert "Only sysadmins may relate" in message


def test_a_new_dataset_is_related_to_nothing(cast, pair, status):
    given = {"title": "New", "authors": "A", "license_id": "CC0-1.0", "private": True}
    given |= {"owner_org": cast.circle["id"], "relationships_as_subject": [pair]}
    code, message = status("package_create", cast["circle editor"], **given)
    assert (code, "Only sysadmins may relate" in message) == (403, True)
