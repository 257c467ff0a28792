"""The permission matrix: every role tries everything over HTTP, and the policy is right.

The fast form is part of every test run; ``DCOR_MATRIX=full`` tries all of it.
"""

import os

import pytest

from ckan import model

from tests.dcor_schemas.matrix.situations import ROLES, SITUATIONS, SYSADMIN, Situation
from tests.dcor_schemas.matrix.ways import all_ways

_FULL = os.environ.get("DCOR_MATRIX") == "full"
_CASES_OF_THE_FULL_FORM = 3000


def _ways():
    return [way for way in all_ways() if way.fast or _FULL]


@pytest.fixture
def tried(status, cast):
    """Tries something and undoes it; whether it was allowed."""

    def allowed(way, dataset, person):
        action, data = way.request(dataset, cast)
        model.Session.remove()  # ends its own savepoint, which would end ours
        savepoint = model.Session.get_bind().begin_nested()
        try:
            code, message = status(action, person, **data)
        finally:
            model.Session.remove()
            savepoint.rollback()
        assert code in {200, 403, 404, 409}, (way.name, code, message)
        return code != 403

    return allowed


@pytest.mark.parametrize("situation", SITUATIONS)
def test_everybody_may_what_the_policy_says(cast, new_dataset, tried, situation):
    for role in (*ROLES, SYSADMIN):
        cast[role]  # all of them have to be there before the dataset
    state, private = SITUATIONS[situation]
    dataset = new_dataset(state.value, private=private, creator=cast["creator"])
    wrong = []
    for role, meaning in ROLES.items():
        seen = Situation(state, private, meaning, role)
        wrong += [
            f"{role}: {way.name}: {'refused' if way.allowed(seen) else 'allowed'}"
            for way in _ways()
            if tried(way, dataset, cast[role]) is not way.allowed(seen)
        ]
    wrong += [
        f"sysadmin: {way.name}: refused"
        for way in _ways()
        if not tried(way, dataset, cast[SYSADMIN])
    ]
    assert not wrong, "\n".join(wrong)


def test_the_full_form_is_large_enough():
    assert len(all_ways()) * len(SITUATIONS) * (len(ROLES) + 1) >= _CASES_OF_THE_FULL_FORM
