"""Requests for events never occupy all web processes."""

from __future__ import annotations

import pytest

from tests.dc_view.test_texts import LONG

from ckanext.dc_view import config, errors, turns, waiting


def test_where_all_turns_are_taken_others_come_again(somebody_else):
    assert somebody_else(1)
    with pytest.raises(errors.BusyError):
        turns.take()
    somebody_else.ends()
    turns.take()


def test_there_are_as_many_as_configured(somebody_else, monkeypatch, ckan):
    from ckan.plugins import toolkit as tk

    monkeypatch.setitem(tk.config, config.EVENT_REQUESTS, 2)
    assert somebody_else(1)
    turns.take()
    assert not somebody_else(2)


def test_without_uwsgi_there_is_one():
    assert turns.half_of_the_processes() == 1


def test_the_page_is_told_to_come_again(app, make_measurement, somebody_else):
    made = make_measurement()
    assert somebody_else(1)
    answer = app.get(made.route("events/0.json"))
    assert (answer.status_code, answer.json["error"]) == (503, "busy")
    assert answer.headers["Retry-After"]


@pytest.fixture
def ask(app, make_measurement):
    """Asks for an event from an address; the code of the error (there is no such object)."""
    made = make_measurement()

    def ask(address: str) -> str:
        given = {"REMOTE_ADDR": address}
        return app.get(made.route("events/0.json"), environ_overrides=given).json["error"]

    return ask


def test_one_visitor_leaves_turns_to_others(ask, somebody_else, monkeypatch):
    from ckan.plugins import toolkit as tk

    monkeypatch.setitem(tk.config, config.EVENT_REQUESTS, 3)
    greedy = turns.number_of(waiting.named("192.0.2.1"))
    assert somebody_else(1, greedy)
    assert ask("192.0.2.1") != "busy"
    assert somebody_else(2, greedy)
    assert ask("192.0.2.1") == "busy"
    assert ask("192.0.2.2") != "busy"


def test_those_who_wait_come_first(ask, somebody_else):
    assert somebody_else(1)
    assert ask("192.0.2.1") == "busy"
    somebody_else.ends()
    assert ask("192.0.2.2") == "busy"
    assert ask("192.0.2.1") != "busy"
    assert ask("192.0.2.2") != "busy"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
def test_a_visitor_is_who_has_the_address(app, one, other, is_same):
    names = set()
    for address in (one, other):
        with app.flask_app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            names.add(waiting.visitor())
    assert (len(names) == 1) is is_same


@pytest.mark.parametrize(
    ("proxy", "is_same"), [("127.0.0.1", False), ("::1", False), ("192.0.2.47", True)]
)
def test_a_proxy_is_believed_on_this_machine_only(app, proxy, is_same):
    names = set()
    for address in ("192.0.2.1", "192.0.2.2"):
        given = {"REMOTE_ADDR": proxy, "HTTP_X_FORWARDED_FOR": f"198.51.100.1, {address}"}
        with app.flask_app.test_request_context(environ_base=given):
            names.add(waiting.visitor())
    assert (len(names) == 1) is is_same


def test_a_person_gets_a_page_that_asks_again(app, make_measurement, somebody_else):
    made = make_measurement(original={"logs": {"long": LONG}})
    assert somebody_else(1)
    accepted = "text/html,application/xhtml+xml,*/*;q=0.8"
    answer = app.get(made.route("logs.txt?name=long"), headers={"Accept": accepted})
    assert answer.status_code == 503
    assert answer.mimetype == "text/html"
    assert "asks again by itself" in answer.get_data(as_text=True)
    assert answer.headers["Refresh"] == answer.headers["Retry-After"] == "2"
    somebody_else.ends()
    again = app.get(made.route("logs.txt?name=long"), headers={"Accept": accepted})
    assert again.mimetype == "text/plain"
