"""Where requests cannot be set aside, some processes wait and others answer at once."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from ckan import model

from dcor_shared.pipeline import planning

from ckanext.dc_serve.waiting import turns


@pytest.fixture
def others(tx):
    """Other web processes, which take turns of waiting."""
    with model.meta.engine.connect() as elsewhere:
        yield lambda number: elsewhere.execute(
            sa.text("SELECT pg_advisory_xact_lock(:name, :turn)"),
            {"name": turns.NAME, "turn": number},
        )


def test_a_turn_that_nobody_has_is_taken(tx):
    with turns.turn() as is_mine:
        assert is_mine


def test_one_process_waits_where_the_server_does_not_say_how_many_it_has(others):
    others(1)
    with turns.turn() as is_mine:
        assert not is_mine


def test_a_request_without_a_turn_is_answered_at_once(app, make_resource, messages, others):
    made = make_resource()
    planning.plan(model.Session(), made.package_id)
    model.Session.commit()
    others(1)
    given = {"id": made.id, "query": "size"}
    started = time.monotonic()
    answer = app.get("/api/3/action/dcserv", query_string=given)
    assert time.monotonic() - started < 1
    assert (answer.status_code, answer.json["success"]) == (500, False)
