"""The API answers with scripts for other sites only, and with names as functions only."""

from __future__ import annotations

import pytest

_STATUS = "/api/3/action/status_show"


@pytest.mark.parametrize("name", ["told", "my.app.told", "$", "_1"])
def test_other_sites_get_scripts(app, name):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "script"}
    for given in ({}, headers):
        answer = app.get(_STATUS, query_string={"callback": name}, headers=given)
        assert answer.status_code == 200
        assert answer.get_data(as_text=True).startswith(f"{name}(")


@pytest.mark.parametrize(
    "name", ["alert(document.domain)//", "", "a b", "a;b", "a\n", "1a", "a" * 65, "ä", "a[0]"]
)
def test_a_name_is_no_script(app, name):
    answer = app.get(_STATUS, query_string={"callback": name})
    assert (answer.status_code, answer.mimetype) == (400, "application/json")
    assert "name of a function" in answer.json["error"]["message"]


def test_no_second_name_is_used(app):
    assert app.get(f"{_STATUS}?callback=told&callback=alert(1)").status_code == 400


@pytest.mark.parametrize("what", ["script", "worker"])
def test_pages_of_this_site_get_none(app, what):
    headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": what}
    answer = app.get(_STATUS, query_string={"callback": "told"}, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/dataset/?callback=https://a", "/?callback="])
def test_pages_may_be_asked_with_any_callback(app, path):
    assert app.get(path).status_code == 200


def test_what_is_no_script_may_name_any_function(app):
    assert app.post(f"{_STATUS}?callback=a()", json={}).json["success"]
    asked = app.flask_app.test_client().head(f"{_STATUS}?callback=a()")
    assert asked.status_code == 400
