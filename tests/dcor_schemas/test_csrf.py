"""A request that needs no CSRF token does not switch the check off for the next one."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.config.middleware import flask_app

from ckanext.dcor_schemas.csrf import PerRequestCSRF, repair_csrf


@pytest.fixture
def browser(app, person):
    """Posts a form like a browser that shows who it belongs to by its cookie only."""

    def post() -> int:
        own = app.test_client(user=model.User.get(person.id))
        form = {"name": "a-collection", "title": "A collection"}
        # the client's cookies are for this host
        return own.post("/group/new", data=form, base_url="http://localhost").status_code

    return post


def test_the_check_survives_requests_that_are_exempted(app, browser, person):
    assert browser() == 400
    app.get("/group/new", status=403)
    app.get("/group/new", headers=person.headers, status=200)
    assert browser() == 400


def test_requests_with_a_token_need_no_csrf_token(call, person):
    assert call("group_create", person, name="made-with-a-token")["name"] == "made-with-a-token"


def test_repairing_twice_keeps_the_object(tx):
    before = flask_app.csrf
    assert isinstance(before, PerRequestCSRF)
    repair_csrf()
    assert flask_app.csrf is before
