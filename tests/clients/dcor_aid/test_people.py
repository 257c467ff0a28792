"""DCOR-Aid: connections, tokens, and circles."""

from __future__ import annotations

import pytest
from dcoraid import CKANAPI, APIInterrogator
from dcoraid.api import (
    APIAuthorizationError,
    APIConflictError,
    APINotFoundError,
    dataset_create,
)

from tests.clients.dcor_aid.acting import (
    described,
    show,
    unique,
)

# DCOR-Aid leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


# connection


def test_site_is_available_with_a_token(api):
    assert api.is_available(with_api_key=True, with_correct_version=True)
    assert not api.is_under_maintenance()


def test_who_am_i(api, served):
    me = api.get_user_dict()
    assert (me["id"], me["name"]) == (served.person.id, served.person.name)
    assert me["email"]
    assert isinstance(me["number_created_packages"], int)


@pytest.mark.parametrize("token", ["", "wrong", "abc.def.ghi"])
def test_without_a_valid_token_nobody_is_logged_in(served, token):
    api = CKANAPI(served.url, api_key=token)
    with pytest.raises(APIAuthorizationError):
        api.get_user_dict()
    assert api.user_id is None
    assert api.is_available()
    assert not api.is_available(with_api_key=True)


def test_user_changes_the_own_name(connect_other):
    api = connect_other()
    api.post("user_update", api.get_user_dict() | {"fullname": "Tinker Bell"})
    assert api.copy().get_user_dict()["fullname"] == "Tinker Bell"


def test_token_is_renewed_and_the_old_one_is_revoked(connect_other):
    old = connect_other()
    given = old.post("api_token_create", {"user": old.user_id, "name": "DCOR-Aid host x"})
    new = CKANAPI(old.server, api_key=given["token"])
    new.post("api_token_revoke", {"token": old.api_key})
    assert new.is_available(with_api_key=True)
    assert not old.copy().is_available(with_api_key=True)


def test_choices_of_the_upload_dialog(api):
    assert any(one["domain_data"] for one in api.get_license_list())
    assert {"chip", "cells"} <= set(api.get_supplementary_resource_schema())
    assert ".rtdc" in api.get_supported_resource_suffixes()


# circles


def test_created_circle_belongs_to_its_creator(connect_other):
    api = connect_other()
    name = f"user-circle-{api.user_name}"
    created = api.post("organization_create", {"name": name, "title": "My Circle"})
    mine = api.get("organization_list_for_user", permission="create_dataset")
    assert [(one["id"], one["title"]) for one in mine] == [(created["id"], "My Circle")]


def test_circle_name_can_be_taken_only_once(api, circle):
    with pytest.raises(APIConflictError):
        api.post("organization_create", {"name": circle})


def test_circle_is_created_with_the_first_dataset(api):
    name = unique("circle")
    created = dataset_create(described(name), api.copy(), create_circle=True)
    assert show(api, created["id"])["organization"]["name"] == name


def test_nobody_creates_datasets_in_a_foreign_circle(connect_other, circle):
    api = connect_other()
    with pytest.raises(APINotFoundError, match="not allowed to upload"):
        dataset_create(described(circle), api)
    with pytest.raises(APIAuthorizationError):
        api.post("package_create", described(circle, state="draft"))


def test_all_circles_and_the_asking_user_are_listed(api):
    names = [unique(f"many{number}") for number in range(26)]
    for name in names:
        api.post("organization_create", {"name": name})
    interrogator = APIInterrogator(api)
    assert set(names) <= {one["name"] for one in interrogator.get_circles()}
    assert api.user_name in interrogator.get_users()
