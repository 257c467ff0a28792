"""The resource page: buttons and the snippet, without asking the object store."""

from __future__ import annotations

import pytest

from ckan.plugins import toolkit as tk


@pytest.fixture(autouse=True)
def no_store(monkeypatch):
    """A request to the object store would fail: pages must not need it."""
    monkeypatch.setitem(tk.config, "dcor_object_store.endpoint_url", "http://127.0.0.1:9")


def page(app, made, headers=None):
    answer = app.get(f"/dataset/{made.package_id}/resource/{made.id}", headers=headers or {})
    assert answer.status_code == 200
    return answer.body


def measurement(make, **changes):
    given = {
        "mimetype": "RT-DC",
        "url": "http://127.0.0.1/dataset/d/resource/r/download/beads.rtdc",
    }
    return make(**given | changes)


def test_download_button_keeps_the_name(app, make_measurement):
    assert 'download="beads.rtdc"' in page(app, measurement(make_measurement))


def test_condensed_button_only_if_there_is_a_condensed_file(app, make_measurement):
    assert "Download Condensed" not in page(app, measurement(make_measurement))
    condensed = {"features": ["deform"], "logs": {}}
    body = page(app, measurement(make_measurement, condensed=condensed))
    assert "Download Condensed" in body
    assert 'href="http://127.0.0.1/dataset/d/resource/r/condensed.rtdc"' in body
    assert 'download="beads_condensed.rtdc"' in body


def test_condensed_button_only_for_rt_dc(app, make_measurement):
    condensed = {"features": ["deform"], "logs": {}}
    made = measurement(make_measurement, condensed=condensed, mimetype="DC", name="beads.dc")
    assert "Download Condensed" not in page(app, made)


def test_manage_button_only_for_those_who_may(app, make_measurement, admin):
    made = measurement(make_measurement)
    assert f"/resource/{made.id}/edit" not in page(app, made)
    assert f"/resource/{made.id}/edit" in page(app, made, admin.headers)


def test_snippets_can_be_copied(app, make_measurement):
    made = measurement(make_measurement)
    body = page(app, made)
    for text in ("dclab.new_dataset(", "pd.DataFrame(", "read.csv(", "curl -f", "DCscope"):
        assert text in body
    assert body.count('data-module="copy-into-buffer"') == 5
    assert f'data-module-copy-value="{made.id}"' in body
    assert "your API token" not in body


def test_page_brings_no_script_of_its_own(app, make_measurement):
    body = page(app, measurement(make_measurement))
    section = body[body.index("dc-serve-remote-access") :].split("</section>")[0]
    assert "<script" not in section
    assert " on" + "click" not in section


def test_snippet_for_private_data_mentions_the_token(app, make_measurement, member):
    body = page(app, measurement(make_measurement, private=True), member)
    assert "api_key" in body
    # in each of the four, in the text and in what is copied
    assert body.count("&lt;your API token&gt;") == 10


def test_no_snippet_for_other_files(app, make_resource):
    assert "dclab.new_dataset(" not in page(app, make_resource(name="notes.txt"))


def test_names_are_escaped(app, make_measurement):
    made = measurement(make_measurement, name='"><script>alert(1)</script>.rtdc')
    assert "<script>alert(1)" not in page(app, made)
