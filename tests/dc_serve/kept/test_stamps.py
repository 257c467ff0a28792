"""A stamp changes with everything that decides about an answer.

Within one transaction all rows have the same version: what a test changes is given another one by
a savepoint of its own, which counts as a transaction.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.dc_serve.kept import stamps


@pytest.fixture
def change():
    """Changes rows in a subtransaction."""

    def do(statement: str, **values: str) -> None:
        with model.Session.begin_nested():
            found = model.Session.execute(sa.text(statement), values)
            assert found.rowcount == 1

    return do


@pytest.fixture
def private(make_measurement):
    return make_measurement(private=True)


def test_nothing_has_changed(stamp, private, member):
    assert stamp(private, member) == stamp(private, member)
    assert stamp(private) == stamp(private)


def test_unknown_measurement_has_no_stamp(stamp, member):
    assert stamps.stamp("00000000-0000-4000-8000-000000000000", None) is None


def test_unknown_token_has_no_stamp(stamp, private):
    assert stamps.stamp(private.id, "unknown") is None


def test_lost_connection_is_no_stamp(broken, private):
    assert stamps.stamp(private.id, None) is None


@pytest.mark.parametrize("reader", ["anonymous", "member"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE resource SET name = name WHERE id = :rid",
        "UPDATE package SET private = NOT private WHERE id = :did",
        "UPDATE dcor_record SET modified = modified WHERE resource_id = :rid",
    ],
)
def test_changes_of_the_measurement(request, stamp, private, change, reader, statement):
    headers = None if reader == "anonymous" else request.getfixturevalue("member")
    before = stamp(private, headers)
    values = {"rid": private.id} if ":rid" in statement else {"did": private.package_id}
    change(statement, **values)
    assert stamp(private, headers) not in {before, None}


def test_changes_of_the_reader(stamp, private, member, person, change):
    before = stamp(private, member)
    change('UPDATE "user" SET sysadmin = true WHERE id = :id', id=person.id)
    assert stamp(private, member) != before


def test_revoked_token(stamp, private, member, person, change):
    assert stamp(private, member)
    change("DELETE FROM api_token WHERE user_id = :id", id=person.id)
    assert stamp(private, member) is None


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM member WHERE table_id = :id AND table_name = 'user'",
        "UPDATE member SET state = 'deleted' WHERE table_id = :id AND table_name = 'user'",
        "UPDATE member SET capacity = 'admin' WHERE table_id = :id AND table_name = 'user'",
    ],
)
def test_changed_membership(stamp, private, member, person, change, statement):
    before = stamp(private, member)
    change(statement, id=person.id)
    assert stamp(private, member) != before


def test_new_membership(stamp, private, person, circle, change):
    before = stamp(private, person.headers)
    change(
        "INSERT INTO member (id, group_id, table_id, table_name, capacity, state)"
        " VALUES ('new', :group, :user, 'user', 'member', 'active')",
        group=circle,
        user=person.id,
    )
    assert stamp(private, person.headers) != before


def test_deleted_circle(stamp, private, member, circle, change):
    before = stamp(private, member)
    change("UPDATE \"group\" SET state = 'deleted' WHERE id = :id", id=circle)
    assert stamp(private, member) != before


def test_collection_that_gets_the_dataset(stamp, private, person, change):
    collection = model.Group(name="collection", type="group")
    model.Session.add(collection)
    before = stamp(private, person.headers)
    change(
        "INSERT INTO member (id, group_id, table_id, table_name, capacity, state)"
        " VALUES ('new', :group, :dataset, 'package', 'public', 'active')",
        group=collection.id,
        dataset=private.package_id,
    )
    assert stamp(private, person.headers) != before


def test_circle_above_the_circle(stamp, private, person, circle, change):
    above = model.Group(name="above", type="organization", is_organization=True)
    model.Session.add(above)
    before = stamp(private, person.headers)
    change(
        "INSERT INTO member (id, group_id, table_id, table_name, capacity, state)"
        " VALUES ('new', :below, :above, 'group', 'public', 'active')",
        below=circle,
        above=above.id,
    )
    between = stamp(private, person.headers)
    assert between != before
    change("UPDATE \"group\" SET state = 'deleted' WHERE id = :id", id=above.id)
    assert stamp(private, person.headers) not in {before, between}


def test_collaborator(stamp, private, person, change):
    before = stamp(private, person.headers)
    change(
        "INSERT INTO package_member (package_id, user_id, capacity, modified)"
        " VALUES (:dataset, :user, 'member', now())",
        dataset=private.package_id,
        user=person.id,
    )
    assert stamp(private, person.headers) != before


def test_memberships_do_not_matter_for_public_data(stamp, make_measurement, member, person, change):
    public = make_measurement()
    before = stamp(public, member)
    change("DELETE FROM member WHERE table_id = :id AND table_name = 'user'", id=person.id)
    assert stamp(public, member) == before
