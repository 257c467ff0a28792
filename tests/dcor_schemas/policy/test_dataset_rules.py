"""The checks of a change, one by one, without a database."""

import pytest

from ckanext.dcor_schemas.policy import Role
from ckanext.dcor_schemas.rules import NotAllowedError
from ckanext.dcor_schemas.rules.dataset import Change, check_change
from ckanext.dcor_schemas.rules.differences import changed_fields
from ckanext.dcor_schemas.rules.resource import ResourceFacts

RESOURCE = {"id": "r1", "name": "a.rtdc", "position": 0, "etag": "e", "description": None}
STORED = {
    "id": "d1",
    "name": "name",
    "title": "Title",
    "state": "draft",
    "private": True,
    "license_id": "CC-BY-4.0",
    "owner_org": "o1",
    "organization": {"id": "o1", "name": "circle"},
    "tags": [{"name": "blood", "vocabulary_id": None, "id": "t1", "state": "active"}],
    "groups": [{"id": "g1", "name": "collection"}],
    "extras": [{"key": "a", "value": "b"}],
    "notes": None,
    "resources": [RESOURCE],
}
FACTS = ResourceFacts(frozenset({"sp:chip:maker"}), frozenset({"r9"}), frozenset({"r2"}))


def refusal(submitted, state="draft", roles=(Role.CIRCLE_EDITOR,), **options):
    stored = STORED | {"state": state} | options.pop("stored", {})
    try:
        check_change(Change(stored, submitted, frozenset(roles), FACTS, **options))
    except NotAllowedError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    "submitted",
    [
        {},
        {"title": "Title"},
        {"notes": ""},
        {"doi": ""},
        {"tag_string": ""},
        {"tag_string": "blood"},
        {"pkg_name": "d1"},
        {"_ckan_phase": "x"},
        {"metadata_modified": "yesterday"},
        {"owner_org": "circle"},
        {"private": "True"},
        {"tags": [{"name": "blood"}]},
        {"groups": [{"name": "collection"}]},
        {"groups": [{"id": "g1", "title": "whatever"}]},
        {"extras": [{"key": "a", "value": "b", "id": "x"}]},
        {"resources": [RESOURCE]},
        {"resources": [{"id": "r1"}]},
        {"resources": [RESOURCE | {"position": 7, "package_id": "d1"}]},
    ],
)
def test_sending_back_what_is_stored_changes_nothing(submitted):
    assert list(changed_fields(STORED, submitted)) == []
    assert refusal(submitted, "active") is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", "Other"),
        ("title", ""),
        ("notes", "Other"),
        ("tags", []),
        ("tags", [{"name": "blood"}, {"name": "cells"}]),
        ("tag_string", "cells"),
        ("groups", []),
        ("groups", [{"name": "collection"}, {"name": "other"}]),
        ("extras", [{"key": "a", "value": "c"}]),
        ("owner_org", "o2"),
        ("name", "other"),
        ("anything", "else"),
        ("resources", []),
        ("resources", [RESOURCE | {"description": "new"}]),
        ("resources", [RESOURCE, {"id": "r2", "name": "b.rtdc"}]),
    ],
)
@pytest.mark.parametrize("state", ["active", "deleted"])
def test_everything_else_is_frozen(key, value, state):
    expected = f"Changing '{key}' not allowed for non-draft datasets!"
    assert refusal({key: value}, state) == expected


def test_the_first_broken_rule_is_named():
    submitted = {"title": "Other", "license_id": "CC-BY-NC-4.0", "private": False}
    assert "'title'" in refusal(submitted, "active")
    submitted = {"license_id": "CC-BY-NC-4.0", "state": "deleted"}
    assert "more-restrictive" in refusal(submitted)
    submitted = {"resources": [RESOURCE | {"etag": "f"}], "title": "Other"}
    assert "'etag'" in refusal(submitted, "active")


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        ({"license_id": "CC0-1.0"}, None),
        ({"license_id": "CC-BY-SA-4.0"}, "Cannot switch to more-restrictive license"),
        ({"license_id": "nonsense"}, "Cannot switch to more-restrictive license"),
        ({"license_id": ""}, None),
        ({"private": False}, None),
        ({"private": "False"}, None),
        ({"state": "active"}, None),
        ({"state": "foo"}, None),
        ({"state": "deleted"}, "Changing dataset state to 'deleted' not allowed"),
        ({"name": "other"}, "Editing not allowed: name=other"),
        ({"name": "name"}, None),
    ],
)
def test_drafts_are_loosened_and_activated(submitted, expected):
    found = refusal(submitted)
    assert found is None if expected is None else found.startswith(expected)


def test_there_is_no_way_back():
    stored = {"private": False}
    assert "to private not allowed" in refusal({"private": True}, stored=stored)
    assert refusal({}, stored=stored) is None
    assert "to draft not allowed" in refusal({"state": "draft"}, "active")
    assert "to draft not allowed" in refusal({"state": "draft"}, "deleted")
    assert "'active' not allowed" in refusal({"state": "active"}, "deleted")


def test_without_public_data_the_way_back_is_open():
    options = {"public_allowed": False}
    assert refusal({"private": True}, stored={"private": False}, **options) is None
    assert "Public datasets have been disabled" in refusal({"private": False}, **options)
    assert refusal({}, **options) is None


@pytest.mark.parametrize(
    "submitted",
    [{"license_id": "CC0-1.0"}, {"private": False}, {"state": "active"}, {"owner_org": "o2"}],
)
def test_collaborators_have_no_circle_right(submitted):
    roles = (Role.COLLABORATOR_EDITOR, Role.CIRCLE_MEMBER)
    assert "admin or editor in the circle" in refusal(submitted, roles=roles)
    assert refusal(submitted) is None


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"id": "r2", "name": "b.rtdc"}, None),
        ({"id": "r2", "name": "b.rtdc", "s3_available": True, "sp:chip:maker": "x"}, None),
        ({"id": "r2", "name": "b.rtdc", "s3_available": False}, "not available on S3"),
        ({"id": "r2", "name": "b.rtdc", "url": "http://x"}, "Keys not allowed: url"),
        ({"id": "r2", "name": "b.rtdc", "url": ""}, None),
        ({"id": "r2", "name": "b.rtdc", "sp:unknown:key": 1}, "Keys not allowed: sp:unknown:key"),
        ({"id": "r2", "name": "b.rtdc", "sha256": "1"}, "may not specify 'sha256'"),
        ({"id": "r3", "name": "b.rtdc"}, "not available on S3"),
        ({"id": "r9", "name": "b.rtdc"}, "already exists"),
        ({"id": ["r2"], "name": "b.rtdc"}, "not available on S3"),
        ({"name": "b.rtdc", "url": "http://x", "sp:chip:maker": "x"}, None),
        ({"name": "b.rtdc", "etag": "e"}, "may not specify 'etag'"),
    ],
)
def test_new_resources_are_uploads(resource, expected):
    found = refusal({"resources": [RESOURCE, resource]})
    assert found is None if expected is None else expected in found


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"description": "new"}, None),
        ({"sp:chip:maker": "me"}, None),
        ({"etag": ""}, None),
        ({"etag": None}, None),
        ({"etag": "f"}, "may not edit 'etag'"),
        ({"name": "b.rtdc"}, "Editing not allowed: name=b.rtdc"),
        ({"name": ""}, "Editing not allowed: name="),
        ({"a": 1, "b": 2}, "Editing not allowed: a=1, b=2"),
    ],
)
def test_known_resources_are_described(changes, expected):
    found = refusal({"resources": [RESOURCE | changes]})
    assert found is None if expected is None else expected in found


def test_an_id_is_sent_once():
    assert "already exists" in refusal({"resources": [RESOURCE, RESOURCE]})
