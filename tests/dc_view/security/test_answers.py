"""The pages of the site say what they may load."""

from __future__ import annotations

import re
from pathlib import Path

import flask
import jinja2
import pytest

from ckan.plugins import toolkit as tk

from ckanext import textview
from ckanext.dc_view.security import answers

NAME = "Content-Security-Policy"


def test_pages_have_a_policy(app, make_measurement, add_view):
    made = make_measurement()
    add_view(made)
    for path in ("/", "/dataset/", made.page, "/user/login", "/no/such/page"):
        found = app.get(path).headers[NAME]
        assert "script-src 'self';" in found
        assert tk.config["dcor_object_store.endpoint_url"] in found


def test_data_have_none_or_their_own(app, make_measurement):
    made = make_measurement()
    assert NAME not in app.get("/api/3/action/status_show").headers
    assert NAME not in app.get(made.route("view.json")).headers
    assert app.get(made.route("logs.txt?name=hans")).headers[NAME].endswith("sandbox")


def test_operators_may_only_watch(app, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.dc_view.content_security", "report")
    headers = app.get("/about").headers
    assert NAME not in headers
    assert "script-src 'self'" in headers[f"{NAME}-Report-Only"]


def test_operators_may_do_without(app, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.dc_view.content_security", "off")
    headers = app.get("/about").headers
    assert NAME not in headers
    assert f"{NAME}-Report-Only" not in headers


@pytest.mark.parametrize("said", ["", "of", "enforced"])
def test_a_slip_is_no_way_to_do_without(app, monkeypatch, said):
    monkeypatch.setitem(tk.config, "ckanext.dc_view.content_security", said)
    assert NAME in app.get("/about").headers


def test_nothing_is_taken_for_something_else(app, make_measurement):
    made = make_measurement()
    places = ["/", "/api/3/action/status_show", made.route("view.json"), "/no/such/page"]
    for path in places:
        assert app.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_operators_may_add_sources(app, monkeypatch):
    added = ["script-src", "https://stats.example.org"]
    monkeypatch.setitem(tk.config, "ckanext.dc_view.content_security_sources", added)
    assert "script-src 'self' https://stats.example.org;" in app.get("/about").headers[NAME]


def test_the_frame_of_a_view_may_have_its_data(ckan):
    template = Path(textview.__file__).parent / "templates" / "text_view.html"
    (script,) = re.findall(r"<script>.*?</script>", template.read_text("utf-8"), re.DOTALL)
    told = {"resource": {"name": "</script>"}, "resource_url": "/x", "preview_metadata": {"a": []}}
    page = jinja2.Environment(autoescape=True).from_string(script).render(told)
    app = flask.Flask(__name__)
    app.after_request(answers.protect)
    app.add_url_rule("/framed", "resource.view", lambda: page)
    found = app.test_client().get("/framed").headers[NAME]
    assert re.search("script-src 'self' 'sha256-[^ ']+';", found)


def test_the_form_of_ckan_for_files_may_have_its_handlers(app, make_resource, admin):
    made = make_resource(name="notes.txt", mimetype="text/plain")
    answer = app.get(f"{made.page}/edit", headers=admin.headers)
    assert "script-src-attr 'unsafe-inline'" in answer.headers[NAME]
