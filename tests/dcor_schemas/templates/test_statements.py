"""Pages ask the database equally often, however many files a dataset has."""

from __future__ import annotations

import pytest

_STATES = [("active", "anonymous"), ("active", "circle editor"), ("draft", "circle editor")]


@pytest.mark.parametrize(("state", "role"), _STATES)
@pytest.mark.parametrize("of", ["dataset", "resource"])
def test_statements_do_not_grow(app, cast, new_dataset, count_statements, state, role, of):
    person = cast[role]
    counts = []
    for resources in (2, 12):
        dataset = new_dataset(state, private=state == "draft", resources=resources)
        path = f"/dataset/{dataset['name']}"
        if of == "resource":
            path += f"/resource/{dataset['resources'][0]['id']}"
        headers = person.headers if person else {}
        app.get(path, headers=headers, status=200)
        with count_statements() as counted:
            app.get(path, headers=headers, status=200)
        counts.append(counted.number)
    assert counts[0] == counts[1]
