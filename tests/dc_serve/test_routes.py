"""Download routes: where they lead, whom they let through, what others may keep."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from ckan import model
from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from pathlib import Path


def route(made, kind="download/beads.rtdc"):
    return f"/dataset/{made.package_id}/resource/{made.id}/{kind}"


def follow(app, path, headers=None):
    return app.get(path, headers=headers or {}, follow_redirects=False)


def location(answer):
    assert answer.status_code == 302, answer.body
    return answer.headers["Location"]


def content(answer):
    try:
        return answer.get_data()
    finally:
        answer.close()


def parameters(url):
    return {key: value for key, (value,) in parse_qs(urlsplit(url).query).items()}


@pytest.mark.parametrize("artifact", ["resource", "condensed"])
def test_redirect_leads_to_the_bytes(app, make_resource, put_object, store, artifact):
    kind = {"resource": "download/beads.rtdc", "condensed": "condensed.rtdc"}[artifact]
    made = make_resource()
    put_object(made, artifact, artifact.encode())
    url = location(follow(app, route(made, kind)))
    bucket = store.settings.bucket_name.format(organization_id=made.circle_id)
    place = f"{artifact}/{made.id[:3]}/{made.id[3:6]}/{made.id[6:]}"
    assert url.startswith(f"{store.settings.endpoint_url}/{bucket}/{place}?")
    answer = requests.get(url, timeout=10)
    assert answer.content == artifact.encode()
    assert answer.headers["Content-Length"] == str(len(artifact))


@pytest.mark.parametrize(
    ("name", "condensed"),
    [
        ("beads.rtdc", "beads_condensed.rtdc"),
        ("beads", "beads_condensed.rtdc"),
        ("a.b.dc", "a.b_condensed.dc"),
    ],
)
def test_file_names(app, make_resource, put_object, name, condensed):
    made = make_resource(name=name)
    for kind, artifact, expected in [
        ("download/x", "resource", name),
        ("condensed.rtdc", "condensed", condensed),
    ]:
        put_object(made, artifact)
        answer = requests.get(location(follow(app, route(made, kind))), timeout=10)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{expected}"'


def test_file_name_in_the_path_does_not_matter(app, make_resource, put_object):
    made = make_resource()
    put_object(made)
    assert "beads.rtdc" in location(follow(app, route(made, "download/anything")))


def test_upper_case_ids_are_the_same_ids(app, make_resource, put_object):
    made = make_resource()
    put_object(made)
    path = f"/dataset/{made.package_id.upper()}/resource/{made.id.upper()}/download/x"
    assert made.id[6:] in location(follow(app, path))


def test_head_is_answered_like_get(app, make_resource, put_object):
    made = make_resource()
    put_object(made)
    with app.flask_app.test_client() as client:
        assert client.head(route(made)).status_code == 302


def test_links_to_public_data_live_for_a_day(app, make_resource, put_object):
    made = make_resource()
    put_object(made)
    seconds = int(parameters(location(follow(app, route(made))))["X-Amz-Expires"])
    assert 86400 <= seconds <= 86400 * 1.2


@pytest.mark.parametrize("kind", ["download/beads.rtdc", "condensed.rtdc"])
def test_links_to_private_data_live_for_an_hour_and_are_kept_by_nobody(
    app, make_resource, put_object, member, kind
):
    made = make_resource(private=True)
    put_object(made, "resource")
    put_object(made, "condensed")
    answer = follow(app, route(made, kind), member)
    assert 3600 <= int(parameters(location(answer))["X-Amz-Expires"]) <= 3600 * 1.2
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert requests.get(location(answer), timeout=10).content == b"bytes"


@pytest.mark.parametrize("hidden", [{"private": True}, {"state": "draft"}])
def test_whoever_may_not_read_finds_nothing(app, make_resource, put_object, stranger, hidden):
    made = make_resource(**hidden)
    put_object(made, "resource")
    put_object(made, "condensed")
    for headers in ({}, stranger):
        for kind in ("download/beads.rtdc", "condensed.rtdc"):
            assert follow(app, route(made, kind), headers).status_code == 404


@pytest.mark.parametrize("kind", ["download/beads.rtdc", "condensed.rtdc"])
def test_resource_must_belong_to_the_dataset(app, make_resource, put_object, kind):
    made, other = make_resource(), make_resource()
    put_object(made, "resource")
    put_object(made, "condensed")
    path = f"/dataset/{other.package_id}/resource/{made.id}/{kind}"
    assert follow(app, path).status_code == 404


def test_refusals_about_private_data_are_kept_by_nobody(app, make_resource, member):
    made, other = make_resource(private=True), make_resource(private=True)
    path = f"/dataset/{other.package_id}/resource/{made.id}/condensed.rtdc"
    for headers in ({}, member):
        answer = follow(app, path, headers)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["download/beads.rtdc", "condensed.rtdc"])
def test_unknown_resource(app, make_resource, kind):
    path = f"/dataset/{make_resource().package_id}/resource/{uuid.uuid4()}/{kind}"
    assert follow(app, path).status_code == 404


def test_missing_object_is_not_found_without_a_redirect_to_itself(app, make_resource, store):
    made = make_resource()
    site = tk.config["ckan.site_url"]
    for url in (f"{site}{route(made)}", route(made), f"http://localhost{route(made)}"):
        model.Session.get(model.Resource, made.id).url = url
        model.Session.commit()
        answer = follow(app, route(made), {"Host": "localhost"})
        assert answer.status_code == 404, url
        assert "Resource not found" in answer.body


def test_missing_condensed_object(app, make_resource, put_object):
    made = make_resource()
    put_object(made)
    answer = follow(app, route(made, "condensed.rtdc"))
    assert answer.status_code == 404
    assert "No condensed download available" in answer.body


def test_resource_that_is_elsewhere(app, make_resource):
    made = make_resource(url="https://example.org/data.rtdc", url_type=None, extras={})
    assert location(follow(app, route(made))) == "https://example.org/data.rtdc"
    assert follow(app, route(made, "condensed.rtdc")).status_code == 404


def test_store_that_does_not_answer_is_no_missing_object(app, make_resource, monkeypatch, store):
    made = make_resource()
    monkeypatch.setitem(tk.config, "dcor_object_store.endpoint_url", "http://127.0.0.1:9")
    for kind in ("download/beads.rtdc", "condensed.rtdc"):
        assert follow(app, route(made, kind)).status_code == 503


def test_store_that_refuses_is_no_missing_object(app, make_resource, put_object, monkeypatch):
    made = make_resource()
    put_object(made)
    monkeypatch.setitem(tk.config, "dcor_object_store.secret_access_key", "wrong")
    assert follow(app, route(made)).status_code == 503


# files of sites that had no object store


@pytest.fixture
def local_file(tmp_path, monkeypatch):
    """Writes the file that CKAN keeps of a resource."""
    monkeypatch.setitem(tk.config, "ckan.storage_path", str(tmp_path))

    def write(made, data: bytes, suffix: str = "") -> Path:
        path = tmp_path / "resources" / made.id[:3] / made.id[3:6] / f"{made.id[6:]}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write


def test_file_on_disk_is_sent(app, make_resource, local_file):
    made = make_resource(url_type="upload", extras={})
    local_file(made, b"original")
    answer = follow(app, route(made))
    assert answer.status_code == 200
    assert content(answer) == b"original"
    assert "beads.rtdc" in answer.headers["Content-Disposition"]


def test_condensed_file_on_disk_is_sent(app, make_resource, local_file):
    made = make_resource(url_type="upload", extras={})
    local_file(made, b"condensed", "_condensed.rtdc")
    answer = follow(app, route(made, "condensed.rtdc"))
    assert content(answer) == b"condensed"
    assert "beads_condensed.rtdc" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("download/beads.rtdc", "Resource not found"),
        ("condensed.rtdc", "Condensed resource not found"),
    ],
)
def test_missing_file_on_disk(app, make_resource, local_file, kind, message):
    answer = follow(app, route(make_resource(url_type="upload", extras={}), kind))
    assert answer.status_code == 404
    assert message in answer.body


# CKAN's own route


def test_dataset_name_in_the_path_is_left_to_ckan(app, make_resource):
    made = make_resource(url="https://example.org/data.rtdc", url_type=None, extras={})
    name = model.Session.get(model.Package, made.package_id).name
    answer = follow(app, f"/dataset/{name}/resource/{made.id}/download/x")
    # CKAN asks its search index for the dataset, which knows nothing of rows made by hand
    assert answer.status_code in {302, 404}
