"""The resource page: both views without script, whatever the files say."""

from __future__ import annotations

import html
import json
import re
import secrets

import pytest

from ckan import model
from ckan.lib import datapreview
from ckan.plugins import toolkit as tk

PAYLOAD = '"><script>alert(1)</script>'


@pytest.fixture(autouse=True)
def no_requests_to_the_store(no_store):
    """Pages must not need it."""


def page(app, made, headers=None, view_id=None):
    query = f"?view_id={view_id}" if view_id else ""
    answer = app.get(made.page + query, headers=headers or {})
    assert answer.status_code == 200
    return answer.body


def state_of(body, element="dc-view"):
    (found,) = re.findall(rf'<div id="{element}"[^>]*data-state="([^"]*)"', body)
    return json.loads(html.unescape(found))


def test_overview_without_script(app, make_measurement, add_view):
    made = make_measurement(fields={"dc:experiment:event count": 123456})
    add_view(made)
    body = page(app, made)
    assert "Number of recorded events" in body
    assert "123 456" in body
    assert f'src="{made.route("preview.jpg")}"' in body
    assert state_of(body)["bundle"]["size"] == 40


def test_the_state_in_the_page_is_that_of_the_route(app, make_measurement, add_view):
    made = make_measurement()
    add_view(made)
    assert state_of(page(app, made)) == app.get(made.route("view.json")).json


def test_while_the_pipeline_works(app, make_measurement, add_view, note_step):
    made = make_measurement(summary=None)
    add_view(made)
    note_step(made, "overview", "pending")
    body = page(app, made)
    assert "is being made" in body
    assert "preview.jpg" not in body


def test_failures_are_shown_with_their_reason(app, make_measurement, add_view, note_step, editor):
    made = make_measurement(summary=None)
    add_view(made)
    text = f"It is damaged. {PAYLOAD}"
    note_step(made, "overview", "failed", error_code="unreadable", error_text=text)
    body = page(app, made)
    assert "could not be made" in body
    assert "It is damaged." in body
    assert "<script>alert" not in body
    assert made.route("retry") not in body
    assert f'action="{made.route("retry")}"' in page(app, made, editor)


def test_steps_are_started_from_one_page_only(app, make_measurement, add_view, note_step, editor):
    made = make_measurement()
    views = {kind: add_view(made, kind) for kind in ("dc_view", "dc_log_view")}
    note_step(made, "overview", "done")
    note_step(made, "condense", "failed", error_code="unreadable", error_text="It is damaged.")
    shown = page(app, made, editor, views["dc_view"])
    logs = page(app, made, editor, views["dc_log_view"])
    for name in ("retry", "regenerate"):
        assert f'class="dc-view-{name}"' in shown
        assert f'class="dc-view-{name}"' not in logs


def test_notes_are_shown(app, make_measurement, add_view):
    note = {"code": "no-pixel-size", "text": "The file does not say how large a pixel is."}
    made = make_measurement(summary={"notes": [note], "size": 1, "first": 1, "step_version": 1})
    add_view(made)
    assert note["text"] in page(app, made)


def test_logs_without_script(app, make_measurement, add_view):
    condensed = {"logs": {"dclab-condense": ["x"]}}
    made = make_measurement(condensed=condensed)
    body = page(app, made, view_id=add_view(made, "dc_log_view"))
    names = re.findall(r'<details class="dc-log" data-name="([^"]*)"', body)
    assert names == ["Anna", "dclab-condense", "hans"]
    assert '<details class="dc-log" data-name="Anna">' in body
    assert "peter\npaul\nMary\n" in body
    assert "written while condensing" in body


def test_what_of_the_logs_is_missing_is_told(app, make_measurement, add_view):
    note = f"The log '{PAYLOAD}' is cut off."
    made = make_measurement(original={"logs": {"hans": ["a"]}, "notes": [note]})
    body = page(app, made, view_id=add_view(made, "dc_log_view"))
    assert html.escape(note).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in body


def test_a_log_of_both_files_is_that_of_the_original(app, make_measurement, add_view):
    made = make_measurement(condensed={"logs": {"hans": ["somebody else"]}})
    body = page(app, made, view_id=add_view(made, "dc_log_view"))
    assert "peter" in body
    assert "somebody else" not in body


def test_tables_without_script(app, make_measurement, add_view):
    made = make_measurement()
    body = page(app, made, view_id=add_view(made, "dc_log_view"))
    assert '<th scope="col">pressure</th>' in body
    assert "<td>0.5</td>" in body


def test_no_logs(app, make_measurement, add_view):
    made = make_measurement(original={"logs": {}, "tables": {}})
    assert "has no logs" in page(app, made, view_id=add_view(made, "dc_log_view"))


def test_before_anything_is_known(app, make_resource, add_view):
    made = make_resource()
    logs = add_view(made, "dc_log_view")
    add_view(made)
    assert page(app, made)
    assert "has no logs" in page(app, made, view_id=logs)


def test_long_logs_are_not_rendered_completely(app, make_measurement, add_view):
    lines = [f"<{number}>" + "x" * 100 for number in range(100_000)]
    made = make_measurement(original={"logs": {"long": lines}})
    body = page(app, made, view_id=add_view(made, "dc_log_view"))
    assert "Only the first lines are shown" in body
    assert len(body) < 300_000


def test_no_page_is_large_whatever_the_logs_and_tables(app, make_measurement, add_view):
    logs = {f"log {number:04}": [f"<{number}>" + "<" * 3000] * 9 for number in range(300)}
    wide = [[f"column {number}" for number in range(5000)], [[[1.5] * 5000]] * 200]
    tables = {f"table {number:03}": wide for number in range(3)} | {
        f"texts {number:03}": [["text"], [["&" * 3000]] * 9] for number in range(200)
    }
    made = make_measurement(original={"logs": logs, "tables": tables})
    body = page(app, made, view_id=add_view(made, "dc_log_view"))
    assert len(body) < 500_000
    assert "<0>" not in body
    assert "&lt;0&gt;" in body
    assert "&lt;" * 2001 not in body
    assert "column 49<" in body
    assert "column 50<" not in body
    assert "Only the first columns are shown." in body
    assert "Only 100 of 300 logs are listed" in body
    assert "Only 100 of 203 tables are listed" in body


def test_long_lines_are_cut_off(app, make_measurement, add_view):
    made = make_measurement(original={"logs": {"a": ["x" * 10_000_000, "second line"]}})
    body = page(app, made, view_id=add_view(made, "dc_log_view"))
    assert "x" * 2000 + " …\nsecond line" in body
    assert len(body) < 300_000


def test_wide_tables_are_cut_off(app, make_measurement, add_view):
    rows = [[[f"{line}/{number}" for number in range(60)]] for line in range(150)]
    made = make_measurement(original={"tables": {"t": [None, rows]}})
    body = page(app, made, view_id=add_view(made, "dc_log_view"))
    assert "<td>0/49</td>" in body
    assert "<td>0/50</td>" not in body
    assert "<td>99/0</td>" in body
    assert "<td>100/0</td>" not in body


def test_where_all_turns_are_taken_large_records_are_left_alone(
    app, make_measurement, add_view, somebody_else
):
    long = [secrets.token_hex(500) for _ in range(400)]
    said = {"user": {"known to nobody else": "x"}}
    made = make_measurement(original={"logs": {"long": long}, "metadata": said})
    views = {kind: add_view(made, kind) for kind in ("dc_view", "dc_log_view")}
    assert long[0] in page(app, made, view_id=views["dc_log_view"])
    assert somebody_else(1)
    busy = page(app, made, view_id=views["dc_log_view"])
    assert long[0] not in busy
    assert "load this page again" in busy
    assert state_of(busy, "dc-log-view")["resource"]["id"] == made.id
    shown = page(app, made, view_id=views["dc_view"])
    assert "known to nobody else" not in shown
    assert "Metadata that only the file has are left out here" in shown
    somebody_else.ends()
    whole = page(app, made, view_id=views["dc_view"])
    assert "known to nobody else" in whole
    assert "left out here" not in whole


@pytest.mark.parametrize("kind", ["dc_view", "dc_log_view"])
def test_nothing_of_a_file_is_html(app, make_measurement, add_view, kind):
    made = make_measurement(
        name=f"{PAYLOAD}.rtdc",
        fields={"dc:experiment:sample": PAYLOAD, "sp:cells:organism": PAYLOAD},
        original={
            "metadata": {"user": {PAYLOAD: PAYLOAD}},
            "logs": {PAYLOAD: [PAYLOAD, "</pre>" + PAYLOAD]},
            "tables": {PAYLOAD: [[PAYLOAD], [[PAYLOAD]]]},
        },
        summary={
            "notes": [{"code": "x", "text": PAYLOAD}],
            "size": 1,
            "first": 1,
            "step_version": 1,
        },
    )
    body = page(app, made, view_id=add_view(made, kind))
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body


def resource(**changes):
    url = f"{tk.config['ckan.site_url']}/dataset/d/resource/r/download/x.rtdc"
    found = {"mimetype": "RT-DC", "url": url} | changes
    return {"resource": {key: value for key, value in found.items() if value is not None}}


@pytest.mark.parametrize("kind", ["dc_view", "dc_log_view"])
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"mimetype": "DC"}, True),
        ({"mimetype": "text/plain"}, False),
        ({"mimetype": ""}, False),
        ({"mimetype": None}, False),
        ({"url": None}, False),
        ({"url": ""}, False),
        ({"url": "https://elsewhere.example/x.rtdc"}, False),
        ({"url": "http://127.0.0.1:1/x.rtdc"}, False),
    ],
)
def test_can_view(ckan, kind, changes, expected):
    plugin = datapreview.get_view_plugin(kind)
    assert plugin.can_view(resource(**changes)) is expected


@pytest.mark.parametrize(("kind", "title"), [("dc_view", "DC Info"), ("dc_log_view", "DC Logs")])
def test_descriptions_of_the_views(app, kind, title):
    with app.flask_app.test_request_context():
        info = datapreview.get_view_plugin(kind).info()
    assert info["name"] == kind
    assert info["title"] == info["default_title"] == title
    assert info["iframed"] is False
    assert info["always_available"] is False


def test_views_of_other_files_are_not_offered(ckan):
    plugins = datapreview.get_allowed_view_plugins(resource(mimetype="text/plain"))
    assert not {plugin.info()["name"] for plugin in plugins} & {"dc_view", "dc_log_view"}


def test_deleted_resources_do_not_break_the_view(app, make_measurement, add_view):
    from ckanext.dc_view import page as of_view

    made = make_measurement(fields={"dc:setup:medium": "water"})
    package, shown = {"id": made.package_id}, {"id": made.id, "dc:setup:medium": "water"}
    model.Session.get(model.Resource, made.id).state = "deleted"
    model.Session.commit()
    with app.flask_app.test_request_context():
        assert "water" in of_view.overview_variables(shown, package)["metadata_html"]
        assert of_view.log_variables(shown, package)["log_list"] == []


def card(body):
    return re.findall(r'<meta property="og:image" content="([^"]*)">', body)


def test_other_sites_show_the_preview_beside_a_link(app, make_measurement, add_view):
    made = make_measurement()
    add_view(made)
    site = tk.config["ckan.site_url"]
    assert card(page(app, made)) == [f"{site}{made.route('preview.jpg')}"]


def test_other_sites_get_no_picture_that_is_not_there(app, make_measurement, add_view):
    made = make_measurement(summary=None)
    add_view(made)
    assert card(page(app, made)) == []


def test_other_sites_learn_nothing_about_private_data(app, make_measurement, add_view, member):
    made = make_measurement(private=True)
    add_view(made)
    assert card(page(app, made, member)) == []
