"""Requests for events never occupy all web processes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk

from tests.dc_view.test_texts import LONG

from ckanext.dc_view import config, errors, turns, visitors, waiting

#: Seconds that the page waits at most: see ``frontend/src/net/patience.ts``.
_LONGEST_PAUSE = 1.5 * waiting.AGAIN_SECONDS


def test_where_all_turns_are_taken_others_come_again(somebody_else):
    assert somebody_else(1)
    with pytest.raises(errors.BusyError):
        turns.take()
    somebody_else.ends()
    turns.take()


def test_there_are_as_many_as_configured(somebody_else, monkeypatch, ckan):
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
    monkeypatch.setitem(tk.config, config.EVENT_REQUESTS, 3)
    greedy = turns.number_of(visitors.named("192.0.2.1"))
    assert somebody_else(1, greedy)
    assert ask("192.0.2.1") != "busy"
    assert somebody_else(2, greedy)
    assert ask("192.0.2.1") == "busy"
    assert ask("192.0.2.2") != "busy"


def test_whoever_has_his_share_keeps_no_turn_from_others(ask, somebody_else, monkeypatch):
    monkeypatch.setitem(tk.config, config.EVENT_REQUESTS, 2)
    assert somebody_else(1)
    assert somebody_else(1, turns.number_of(visitors.named("192.0.2.1")))
    assert ask("192.0.2.1") == "busy"
    assert ask("192.0.2.2") != "busy"


@pytest.fixture
def clock(monkeypatch):
    """The time at which visitors are noted; can be moved."""

    class Clock:
        now = 1e9

    monkeypatch.setattr(waiting, "_now", lambda: Clock.now)
    yield Clock
    connect_to_redis().delete(*waiting._keys())


@pytest.fixture
def noted(ckan, clock):
    """How many visitors are kept in each of the two sets."""
    return lambda: [connect_to_redis().zcard(key) for key in waiting._keys()]


def test_the_place_is_kept_during_the_longest_pauses(clock, noted):
    waiting.note("first", refused=True)
    for _ in range(20):
        clock.now += 2 * _LONGEST_PAUSE - 0.1
        waiting.note("second", refused=True)
        assert waiting.ahead_of("second") == 1
        waiting.note("first", refused=True)
        assert waiting.ahead_of("first") == 0


def test_the_page_waits_no_longer_than_the_server_thinks():
    frontend = Path(waiting.__file__).parents[2] / "frontend"
    script = (frontend / "src/net/patience.ts").read_text("utf-8")
    assert "* (0.5 + chance)" in script
    assert re.search(r"again > 0 \? again : 1\)", script)
    assert waiting.PATIENCE >= 2 * _LONGEST_PAUSE


def test_those_who_do_not_come_again_are_forgotten(clock, noted):
    for number in range(50):
        waiting.note(f"visitor {number}", refused=True)
        clock.now += 1
    assert noted() == [3, 3]
    clock.now += waiting.PATIENCE
    assert waiting.ahead_of("somebody") == 0
    assert noted() == [0, 0]


def test_nobody_waits_who_was_not_seen(clock, noted):
    waiting.note("first", refused=True)
    connect_to_redis().delete(waiting._keys()[1])
    waiting.note("second", refused=True)
    assert noted() == [1, 1]
    assert waiting.ahead_of("second") == 0


def test_there_are_places_for_a_thousand(clock, noted):
    for number in range(1010):
        waiting.note(f"visitor {number}", refused=True)
    assert noted() == [1000, 1000]
    assert waiting.ahead_of("visitor 1005") == 1000


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
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1:4711", "192.0.2.1:4712", True),
        ("192.0.2.1:4711", "192.0.2.2:4711", False),
        ("[2001:db8::1]:4711", "2001:db8::1", True),
        ("anything", "anything else", True),
    ],
)
def test_a_visitor_is_who_has_the_address(app, one, other, is_same):
    names = set()
    for address in (one, other):
        with app.flask_app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            names.add(visitors.visitor())
    assert (len(names) == 1) is is_same


def seen(app, forwarded, proxy="127.0.0.1"):
    given = {"REMOTE_ADDR": proxy, "HTTP_X_FORWARDED_FOR": forwarded}
    with app.flask_app.test_request_context(environ_base=given):
        return visitors.visitor()


def test_nobody_is_believed_who_was_not_declared(app):
    assert seen(app, "192.0.2.1") == seen(app, "192.0.2.2") == visitors.named("127.0.0.1")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "proxy", "known"),
    [
        (1, "198.51.100.1, 192.0.2.1", "127.0.0.1", "192.0.2.1"),
        (1, "198.51.100.1, 192.0.2.1", "::1", "192.0.2.1"),
        (1, "198.51.100.1, 192.0.2.1", "192.0.2.47", "192.0.2.47"),
        (2, "198.51.100.1, 192.0.2.1, 10.0.0.1", "127.0.0.1", "192.0.2.1"),
        (2, "192.0.2.1", "127.0.0.1", "127.0.0.1"),
        (1, "", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_a_declared_proxy_is_believed(app, monkeypatch, proxies, forwarded, proxy, known):
    monkeypatch.setitem(tk.config, config.TRUSTED_PROXIES, proxies)
    assert seen(app, forwarded, proxy) == visitors.named(known)


def test_a_person_gets_a_page_that_asks_again(app, make_measurement, somebody_else):
    made = make_measurement(original={"logs": {"long": LONG}})
    assert somebody_else(1)
    accepted = "text/html,application/xhtml+xml,*/*;q=0.8"
    answer = app.get(made.route("logs.txt?name=long"), headers={"Accept": accepted})
    assert answer.status_code == 503
    assert answer.mimetype == "text/html"
    assert "asks again by itself" in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Refresh"] == "1; url=?name=long&again=1"
    later = app.get(made.route("logs.txt?name=long&again=7"), headers={"Accept": accepted})
    assert later.headers["Refresh"] == "1; url=?name=long&again=8"
    for often in ("120", "9" * 15, "x"):
        place = made.route(f"logs.txt?name=long&again={often}")
        last = app.get(place, headers={"Accept": accepted})
        assert last.status_code == 503
        assert "Refresh" not in last.headers
        assert "try again later" in last.get_data(as_text=True)
    somebody_else.ends()
    again = app.get(made.route("logs.txt?name=long"), headers={"Accept": accepted})
    assert again.mimetype == "text/plain"
