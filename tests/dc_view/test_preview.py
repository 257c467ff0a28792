"""preview.jpg: where it leads, whom it lets through, what others may keep."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from ckan.plugins import toolkit as tk

from tests.dc_view.conftest import ETAG, SUMMARY


@pytest.fixture
def follow(app):
    def ask(made, headers=None):
        path = made.route("preview.jpg")
        return app.get(path, headers=headers or {}, follow_redirects=False)

    return ask


def test_redirect_leads_to_the_picture(follow, make_measurement, put_object, store):
    made = make_measurement()
    put_object(made, "preview", b"jpeg")
    answer = follow(made)
    assert answer.status_code == 302
    place = f"/preview/{made.id[:3]}/{made.id[3:6]}/{made.id[6:]}"
    assert urlsplit(answer.headers["Location"]).path.endswith(place)
    assert requests.get(answer.headers["Location"], timeout=10).content == b"jpeg"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("beads.rtdc", 'inline; filename="beads_preview.jpg"'),
        (
            "zähl.rtdc",
            "inline; filename=\"z?hl_preview.jpg\"; filename*=UTF-8''z%C3%A4hl_preview.jpg",
        ),
        ("plain", 'inline; filename="plain_preview.jpg"'),
    ],
)
def test_browsers_show_it_under_a_good_name(follow, make_measurement, put_object, name, shown):
    made = make_measurement(name=name)
    put_object(made, "preview")
    answer = requests.get(follow(made).headers["Location"], timeout=10)
    assert answer.headers["Content-Disposition"] == shown


def test_no_preview(follow, make_measurement, put_object):
    answer = follow(make_measurement())
    assert answer.status_code == 404
    assert "No preview available" in answer.get_data(as_text=True)


@pytest.mark.parametrize("summary", [None, SUMMARY | {"preview_size": 0}])
def test_a_picture_of_an_earlier_overview(follow, make_measurement, put_object, summary):
    made = make_measurement(summary=summary)
    put_object(made, "preview")
    assert follow(made).status_code == 404


def test_resources_that_are_not_in_the_store(follow, make_measurement, put_object):
    made = make_measurement(extras={"etag": ETAG})
    put_object(made, "preview")
    assert follow(made).status_code == 404


def test_private_data_only_for_members(follow, make_measurement, put_object, member, stranger):
    made = make_measurement(private=True)
    put_object(made, "preview")
    assert follow(made, member).status_code == 302
    for headers in ({}, stranger):
        answer = follow(made, headers)
        assert answer.status_code == 404
        assert "X-Amz" not in str(answer.headers)


@pytest.mark.parametrize("expires", ["0", "86400", "9999999"])
def test_nobody_keeps_private_redirects(
    follow, make_measurement, put_object, member, monkeypatch, expires
):
    monkeypatch.setitem(tk.config, "ckan.cache_expires", int(expires))
    made = make_measurement(private=True)
    put_object(made, "preview")
    assert follow(made, member).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("expires", ["0", "9999999"])
def test_public_redirects_are_kept_no_longer_than_they_work(
    follow, make_measurement, put_object, monkeypatch, expires
):
    monkeypatch.setitem(tk.config, "ckan.cache_expires", int(expires))
    made = make_measurement()
    put_object(made, "preview")
    answer = follow(made)
    kept = answer.headers["Cache-Control"].removeprefix("public, max-age=")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert 3600 <= int(kept) <= int(query["X-Amz-Expires"][0])


def test_names_of_datasets_are_no_addresses(app, make_measurement):
    made = make_measurement()
    assert app.get(f"/dataset/some-name/resource/{made.id}/preview.jpg").status_code == 404


def test_a_store_that_does_not_answer(follow, make_measurement, no_store):
    answer = follow(make_measurement())
    assert answer.status_code == 503
    assert answer.json["error"] == "store-unavailable"


def test_search_engines_leave_previews_alone(app):
    rules = app.get("/robots.txt").body.splitlines()
    assert "Disallow: /*preview.jpg$" in rules
    assert "Disallow: /api/" in rules
