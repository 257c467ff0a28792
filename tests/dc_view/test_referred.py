"""basins.json: the measurements of the dataset that one refers to, for the sake of their logs."""

from __future__ import annotations

import itertools

import pytest

from ckan import model

from tests.dc_view.conftest import ETAG

from ckanext.dc_view import referred


def basin(identifier, **more):
    return {"type": "file", "format": "hdf5", "identifier": identifier} | more


@pytest.fixture
def refers_to(make_resource, note_record, description):
    """Makes measurements with an identifier, in the dataset of another one or in a new one."""
    position = itertools.count()

    def make(identifier, *basins, beside=None, **columns):
        place = {"package_id": beside.package_id} if beside else {}
        made = make_resource(**(place | columns))
        model.Resource.get(made.id).position = next(position)
        model.Session.commit()
        note_record(made, original=description | {"basins": basins}, identifier=identifier)
        return made

    return make


def ask(app, made, **headers):
    return app.get(made.route("basins.json"), headers=headers)


def found(app, made, **headers):
    return [one["id"] for one in ask(app, made, **headers).json["basins"]]


def test_what_a_measurement_was_made_of(app, refers_to):
    raw = refers_to("a", name="raw.rtdc")
    made = refers_to("a-filtered", basin("a", mapping="basinmap0"), beside=raw)
    (one,) = ask(app, made).json["basins"]
    assert one == {
        "id": raw.id,
        "name": "raw.rtdc",
        "page": raw.page,
        "logs": raw.route("logs.json"),
    }
    listed = app.get(one["logs"]).json["logs"]
    assert [log["name"] for log in listed] == ["Anna", "hans"]
    assert found(app, raw) == []


def test_the_same_events_mean_the_same_measurement(app, refers_to):
    raw = refers_to("a")
    assert found(app, refers_to("a", basin("a", mapping="same"), beside=raw)) == [raw.id]
    assert found(app, refers_to("b", basin("a", mapping="same"), beside=raw)) == []


def test_only_basins_that_are_files_count(app, refers_to):
    raw = refers_to("a")
    remote = basin("a", mapping="basinmap0") | {"type": "remote", "format": "http"}
    nameless = basin(None, mapping="basinmap0")
    assert found(app, refers_to("b", remote, nameless, beside=raw)) == []


def test_nothing_beyond_the_dataset_is_found(app, refers_to):
    one, other = refers_to("a"), refers_to("a")
    made = refers_to("a-1", basin("a", mapping="basinmap0"), beside=one)
    assert found(app, made) == [one.id]
    assert other.id not in found(app, made)


def test_deleted_and_other_files_are_not_found(app, refers_to):
    deleted = refers_to("a")
    model.Resource.get(deleted.id).state = "deleted"
    model.Session.commit()
    refers_to("a", beside=deleted, mimetype="text/plain", name="a.txt")
    made = refers_to("a-1", basin("a", mapping="basinmap0"), beside=deleted)
    assert found(app, made) == []


def test_a_file_that_was_replaced_is_no_longer_what_its_record_says(app, refers_to):
    other = {"extras": {"etag": "1" * 32, "note": ETAG, "s3_available": True}}
    replaced = refers_to("a", **other)
    present = refers_to("a", beside=replaced)
    made = refers_to("a-1", basin("a", mapping="basinmap0"), beside=replaced)
    assert found(app, made) == [present.id]


def test_their_number_is_limited(app, refers_to):
    first = refers_to("a")
    for _ in range(referred.MOST + 2):
        refers_to("a", beside=first)
    made = refers_to("a-1", basin("a", mapping="basinmap0"), beside=first)
    assert len(found(app, made)) == referred.MOST


def test_others_learn_nothing(app, refers_to, member, stranger):
    raw = refers_to("a", private=True)
    made = refers_to("a-1", basin("a", mapping="basinmap0"), beside=raw)
    assert found(app, made, **member) == [raw.id]
    for headers in ({}, stranger):
        assert ask(app, made, **headers).status_code == 404


def test_the_page_itself_does_not_look_for_them(app, refers_to, add_view, statements):
    raw = refers_to("a")
    made = refers_to("a-1", basin("a", mapping="basinmap0"), beside=raw)
    view = add_view(made, "dc_log_view")
    with statements() as seen:
        page = app.get(made.page, query_string={"view_id": view}).get_data(as_text=True)
    assert "basins.json" in page
    assert not [one for one in seen if "'basins'" in one]


def test_before_the_measurement_is_described(app, make_resource):
    assert found(app, make_resource()) == []
