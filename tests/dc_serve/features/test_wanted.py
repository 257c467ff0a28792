"""Parameters of the query ``feature``."""

from __future__ import annotations

import flask
import pytest

from ckan.plugins import toolkit as tk

from ckanext.dc_serve.features.wanted import MEDIA_TYPES, Wanted, parse


def refusal(**given):
    with pytest.raises(tk.ValidationError) as error:
        parse({"feature": "deform"} | given)
    return error.value.error_dict["message"]


def test_everything_but_the_name_may_be_left_out():
    assert parse({"feature": "deform"}) == Wanted("deform")


@pytest.mark.parametrize("feature", [None, "", ["a", "b"]])
def test_name_is_needed(feature):
    assert refusal(feature=feature) == "Please specify 'feature' parameter!"


def test_unknown_values_are_refused():
    assert refusal(format="xlsx").startswith("Please specify one of the formats json, npy")
    assert refusal(source="moon") == "Please specify source 'condensed' or 'original'!"


@pytest.mark.parametrize("value", ["x", "1.5", "--1", "٣", "9" * 30, True, 1.0, ["1", "2"]])
@pytest.mark.parametrize("name", ["start", "stop", "step"])
def test_numbers_of_events_are_integers(name, value):
    assert refusal(**{name: value}) == f"The parameter '{name}' must be an integer!"


@pytest.mark.parametrize("step", ["0", "-1", 0])
def test_events_are_not_sent_backwards(step):
    assert refusal(step=step) == "The parameter 'step' must be a positive integer!"


def test_events_are_chosen_like_in_a_slice():
    given = {"feature": "deform", "start": "-5", "stop": 1000, "step": "2"}
    assert list(parse(given).events(100)) == [95, 97, 99]
    assert list(parse({"feature": "deform", "start": "7", "stop": "3"}).events(100)) == []


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "json"),
        ("application/json", "json"),
        ("text/html,*/*;q=0.8", "json"),
        ("application/octet-stream", "npy"),
        ("application/x-npy", "npy"),
        ("text/csv;q=0.9, application/json;q=0.1", "csv"),
        ("application/vnd.apache.arrow.stream", "arrow-stream"),
        (MEDIA_TYPES["arrow"], "arrow"),
    ],
)
def test_form_may_be_asked_for_by_header(accept, form):
    application = flask.Flask("test")
    with application.test_request_context(headers={"Accept": accept}):
        assert parse({"feature": "deform"}).form == form
        assert parse({"feature": "deform", "format": "npy"}).form == "npy"
