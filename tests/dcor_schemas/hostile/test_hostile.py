"""Whatever is sent to an action, the answer is a 2xx or a 4xx, never a 500, and says what is wrong.

The fast form sends one value of each kind; ``DCOR_MATRIX=full`` sends all.
"""

from __future__ import annotations

import os

import pytest

from ckan import model
from ckan.views import api

from tests.dcor_schemas.auth.conftest import cast, new_dataset
from tests.dcor_schemas.hostile.values import FEW, HOSTILE, requests_about, spoiled

__all__ = ["cast", "new_dataset"]

_FULL = os.environ.get("DCOR_MATRIX") == "full"
_NAMES = tuple(HOSTILE) if _FULL else FEW
_ACTIONS = tuple(requests_about({"id": "", "name": ""}, "", {"id": ""}, {"id": ""}))


@pytest.fixture
def requests_for(cast, new_dataset):
    dataset = new_dataset("draft")
    resource = dataset["resources"][0]["id"]
    return requests_about(dataset, resource, cast.circle, cast.collection)


@pytest.fixture
def answered(app, monkeypatch):
    """Sends a request and undoes it; status, error, and the exception that nobody expected."""
    unexpected: list[Exception] = []
    monkeypatch.setattr(api.log, "exception", unexpected.append)

    def send(action, person, data):
        unexpected.clear()
        model.Session.remove()
        savepoint = model.Session.get_bind().begin_nested()
        try:
            answer = app.post(f"/api/3/action/{action}", json=data, headers=person.headers)
        finally:
            model.Session.remove()
            savepoint.rollback()
        return answer.status_code, answer.json, "".join(map(repr, unexpected))[:300]

    return send


@pytest.mark.parametrize("role", ["circle admin", "sysadmin"] if _FULL else ["sysadmin"])
@pytest.mark.parametrize("action", _ACTIONS)
def test_no_value_is_an_error_of_the_server(cast, requests_for, answered, action, role):
    wrong = []
    for what, data in spoiled(requests_for[action], _NAMES):
        code, answer, unexpected = answered(action, cast[role], data)
        if code >= 500:
            wrong.append(f"{what}: {code} {unexpected}")
        elif code == 409 and not set(answer["error"]) - {"__type"}:
            wrong.append(f"{what}: nothing is said")
    assert not wrong, "\n".join(wrong)
