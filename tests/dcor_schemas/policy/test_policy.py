"""The table of rules says what the documentation says, and nothing contradicts itself."""

import pytest

from ckanext.dcor_schemas import policy, policy_page
from ckanext.dcor_schemas.policy import Action, Right, Role, State


def test_the_documentation_is_up_to_date():
    text = policy_page.PAGE.read_text(encoding="utf-8")
    assert text == policy_page.render(), "run: python -m ckanext.dcor_schemas.policy"


def test_every_action_has_one_row_and_every_field_one_rule():
    assert sorted(row.action for row in policy.TABLE) == sorted(Action)
    fields = [name for row in policy.TABLE for name in row.fields]
    assert len(fields) == len(set(fields))
    assert "*" in fields


def test_rights_are_ordered():
    order = [Right.SYSADMIN, Right.MANAGE, Right.CIRCLE, Right.EDIT, Right.READ, Right.LOGIN]
    for narrow, wide in zip(order, [*order[1:], Right.ANYBODY], strict=True):
        assert policy.HOLDERS[narrow] <= policy.HOLDERS[wide]


@pytest.mark.parametrize("role", Role)
def test_nothing_but_loosening_is_possible_after_activation(role):
    loosening = {Action.LOOSEN_LICENSE, Action.PUBLISH, Action.SHARE}
    reading = {Action.READ, Action.READ_PUBLIC}
    for action in set(Action) - loosening - reading:
        assert not policy.may(action, State.ACTIVE, [role])


@pytest.mark.parametrize(
    ("role", "edits", "publishes"),
    [
        (Role.ANONYMOUS, False, False),
        (Role.STRANGER, False, False),
        (Role.CIRCLE_MEMBER, False, False),
        (Role.CIRCLE_EDITOR, True, True),
        (Role.CIRCLE_ADMIN, True, True),
        (Role.COLLABORATOR_MEMBER, False, False),
        (Role.COLLABORATOR_EDITOR, True, False),
        (Role.COLLECTION_MEMBER, False, False),
        (Role.COLLECTION_EDITOR, False, False),
        (Role.COLLECTION_ADMIN, False, False),
    ],
)
def test_drafts_are_edited_by_editors_and_published_by_the_circle(role, edits, publishes):
    assert policy.may(Action.EDIT, State.DRAFT, [role]) is edits
    assert policy.may(Action.RESOURCES, State.DRAFT, [role]) is edits
    for action in (Action.PUBLISH, Action.ACTIVATE, Action.DELETE, Action.LOOSEN_LICENSE):
        assert policy.may(action, State.DRAFT, [role]) is publishes


def test_several_roles_add_up():
    roles = [Role.STRANGER, Role.CIRCLE_MEMBER, Role.COLLABORATOR_EDITOR]
    assert policy.may(Action.EDIT, State.DRAFT, roles)
    assert not policy.may(Action.ACTIVATE, State.DRAFT, roles)


def test_unknown_fields_are_frozen_like_metadata():
    assert policy.needed_for_field("anything", State.DRAFT) is Right.EDIT
    assert policy.needed_for_field("anything", State.ACTIVE) is Right.SYSADMIN
