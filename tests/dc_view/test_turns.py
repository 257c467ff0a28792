"""Requests for events never occupy all web processes."""

from __future__ import annotations

import pytest

from ckanext.dc_view import config, errors, turns


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
