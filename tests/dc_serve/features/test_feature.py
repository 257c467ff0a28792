"""The query ``feature`` over HTTP."""

from __future__ import annotations

import io

import numpy as np
import pyarrow as pa
import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.objects.names import object_name

API = "/api/3/action/dcserv"


def ask(app, made, headers=None, feature="deform", **more):
    given = {"id": made.id, "version": "3", "query": "feature", "feature": feature} | more
    return app.get(API, query_string=given, headers=headers or {})


def refusal(answer):
    assert answer.content_type == "application/json;charset=utf-8"
    assert answer.json["success"] is False
    return answer.status_code, answer.json["error"]["message"]


def test_numpy(app, make_condensed, values):
    answer = ask(app, make_condensed(), format="npy")
    assert answer.status_code == 200
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="deform.npy"'
    np.testing.assert_array_equal(np.load(io.BytesIO(answer.get_data())), values["deform"])


def test_arrow(app, make_condensed, values):
    answer = ask(app, make_condensed(), feature="frame", format="arrow")
    table = pa.ipc.open_file(pa.BufferReader(answer.get_data())).read_all()
    assert table["frame"].to_pylist() == values["frame"].tolist()


def test_csv(app, make_condensed, values):
    answer = ask(app, make_condensed(), feature="area_um", format="csv")
    assert answer.content_type.startswith("text/csv")
    found = np.genfromtxt(io.StringIO(answer.body), names=True)["area_um"]
    np.testing.assert_array_equal(found.astype(np.float32), values["area_um"])


def test_json_comes_in_the_envelope(app, make_condensed, values):
    found = ask(app, make_condensed(), feature="gaps", start="2", stop="9").json["result"]
    assert found["values"][1] is None
    assert found["values"][0] == values["gaps"][2]
    assert found["values"][5:] == [None, None]
    assert (found["start"], found["stop"], found["event count"]) == (2, 9, 1000)


@pytest.mark.parametrize(
    "events",
    [
        slice(0, 10),
        slice(295, 305),
        slice(-3, None),
        slice(5, 900, 7),
        slice(50, 50),
        slice(5000, None),
    ],
)
def test_part_of_the_events(app, make_condensed, values, events):
    given = {
        name: str(value)
        for name in ("start", "stop", "step")
        if (value := getattr(events, name)) is not None
    }
    answer = ask(app, make_condensed(), format="npy", **given)
    np.testing.assert_array_equal(np.load(io.BytesIO(answer.get_data())), values["deform"][events])


def test_header_chooses_the_form(app, make_condensed):
    answer = ask(app, make_condensed(), {"Accept": "text/csv"})
    assert answer.content_type.startswith("text/csv")
    assert "Accept" in answer.headers["Vary"]


def test_original(app, make_condensed, values):
    answer = ask(app, make_condensed(original=True), format="npy", source="original")
    np.testing.assert_array_equal(np.load(io.BytesIO(answer.get_data())), values["deform"])


def test_called_from_python(make_condensed, values):
    given = {"id": make_condensed().id, "version": "3", "query": "feature", "feature": "deform"}
    context = {"ignore_auth": True, "user": ""}
    found = tk.get_action("dcserv")(context, given | {"format": "npy"})
    np.testing.assert_array_equal(np.load(io.BytesIO(found)), values["deform"])
    assert tk.get_action("dcserv")(context, given)["values"] == values["deform"].tolist()


def test_json_body(app, make_condensed):
    given = {"id": make_condensed().id, "version": 3, "query": "feature", "feature": "deform"}
    answer = app.post(API, json=given | {"start": 1, "stop": 3})
    assert len(answer.json["result"]["values"]) == 2


def test_jsonp_is_never_binary(app, make_condensed):
    answer = ask(app, make_condensed(), format="json", callback="f", stop="1")
    assert answer.body.startswith("f({")


# refusals


def test_version_2_has_no_features(app, make_condensed):
    answer = ask(app, make_condensed(), version="2")
    assert refusal(answer) == (409, "Invalid query parameter 'feature'!")


def test_errors_are_json_whatever_the_form(app, make_condensed):
    answer = ask(app, make_condensed(), feature="moon", format="npy")
    assert refusal(answer) == (409, "Feature 'moon' unavailable, use basins!")


def test_before_condensing(app, make_measurement):
    code, text = refusal(ask(app, make_measurement()))
    assert code == 409
    assert "not available before it was condensed" in text


def test_anonymous_reader_of_private_data(app, make_condensed):
    answer = ask(app, make_condensed(private=True), format="npy")
    code, text = refusal(answer)
    assert code == 403
    assert "not authorized to read resource" in text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_stranger(app, make_condensed, stranger):
    assert ask(app, make_condensed(private=True), stranger).status_code == 403


def test_too_many_events_at_once(app, make_condensed, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.dc_serve.feature_bytes_max", 0)
    code, text = refusal(ask(app, make_condensed(), format="npy"))
    assert code == 409
    assert "Ask for parts with 'start' and 'stop'" in text


def test_a_step_does_not_make_a_request_larger(app, make_condensed, monkeypatch):
    """Chunks between the events that are wanted are read as well."""
    monkeypatch.setattr("ckanext.dc_serve.config.feature_bytes_max", lambda: 999 * 8)
    made = make_condensed()
    code, text = refusal(ask(app, made, format="npy", step="900"))
    assert code == 409
    assert "with 'step' they are taken of no more than 999" in text
    assert ask(app, made, format="npy", step="900", stop="999").status_code == 200


def test_note_that_makes_no_sense(app, make_measurement, write_file, values):
    _path, noted = write_file(values, chunks=(300,))
    noted["deform"]["chunks"][0][1] = 2**32
    condensed = {"features": ["deform"], "columns": noted, "etag": "0" * 32, "statistics": {}}
    answer = ask(app, make_measurement(condensed=condensed), format="npy")
    assert refusal(answer) == (409, "Feature 'deform' unavailable, use basins!")


def test_file_that_is_being_replaced(app, make_condensed, put_object):
    made = make_condensed()
    put_object(made, "condensed", b"another file" * 1000)
    code, text = refusal(ask(app, made, format="npy"))
    assert code == 409
    assert "condensed anew" in text


def test_store_that_has_lost_the_file(app, make_condensed, store):
    made = make_condensed()
    name = object_name(store.settings, made.circle_id, made.id, "condensed")
    store.client.delete_object(Bucket=name.bucket, Key=name.key)
    assert refusal(ask(app, made, format="npy")) == (500, "Internal Server Error")


# what others may keep


def test_private_answers_are_kept_by_nobody(app, make_condensed, member):
    answer = ask(app, make_condensed(private=True), member, format="npy")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_public_answers_may_be_kept(app, make_condensed):
    answer = ask(app, make_condensed(), format="npy")
    assert "public" in answer.headers["Cache-Control"]
    assert "must-revalidate" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("form", ["npy", "json"])
def test_public_answers_are_asked_for_again_every_time(app, make_condensed, monkeypatch, form):
    """Public data may become private at any time."""
    monkeypatch.setitem(tk.config, "ckan.cache_expires", 3600)
    answer = ask(app, made := make_condensed(), format=form)
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    known = {"If-None-Match": answer.headers["ETag"]}
    again = ask(app, made, known, format=form)
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("form", [None, "npy", "json"])
def test_caches_are_told_what_decides_about_the_form(app, make_condensed, form):
    made = make_condensed()
    more = {} if form is None else {"format": form}
    first = ask(app, made, **more)
    again = ask(app, made, {"If-None-Match": first.headers["ETag"]}, **more)
    assert again.status_code == 304
    for answer in (first, again):
        assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("form", ["npy", "csv", "json", "arrow"])
def test_who_has_the_answer_gets_304(app, make_condensed, form):
    made = make_condensed()
    tag = ask(app, made, format=form).headers["ETag"]
    assert tag.startswith('"')
    again = ask(app, made, {"If-None-Match": tag}, format=form)
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == tag
    assert ask(app, made, {"If-None-Match": '"other"'}, format=form).status_code == 200


def test_304_reads_nothing(app, make_condensed, store):
    made = make_condensed()
    tag = ask(app, made, format="npy").headers["ETag"]
    name = object_name(store.settings, made.circle_id, made.id, "condensed")
    store.client.delete_object(Bucket=name.bucket, Key=name.key)
    assert ask(app, made, {"If-None-Match": tag}, format="npy").status_code == 304


def test_permission_comes_before_304(app, make_condensed, member):
    made = make_condensed(private=True)
    tag = ask(app, made, member, format="npy").headers["ETag"]
    assert ask(app, made, {"If-None-Match": tag}, format="npy").status_code == 403


def test_every_form_and_part_has_its_own_tag(app, make_condensed):
    made = make_condensed()
    asked = [{}, {"format": "npy"}, {"format": "csv"}, {"stop": "5"}, {"feature": "frame"}]
    tags = [ask(app, made, **given).headers["ETag"] for given in asked]
    assert len(set(tags)) == len(tags)


def test_part_of_the_bytes(app, make_condensed):
    made = make_condensed()
    whole = ask(app, made, format="npy").get_data()
    part = ask(app, made, {"Range": "bytes=100-199"}, format="npy")
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert part.get_data() == whole[100:200]


def test_bytes_that_are_not_there(app, make_condensed):
    answer = ask(app, make_condensed(), {"Range": "bytes=900000-"}, format="npy")
    assert (answer.status_code, answer.get_data()) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */8128"


def test_time_is_told(app, make_condensed):
    spent = ask(app, make_condensed(), format="npy").headers["Server-Timing"]
    assert [one.split(";")[0] for one in spent.split(", ")] == [
        "permission",
        "record",
        "values",
        "encode",
    ]


# changes are effective at once


def test_dataset_that_was_made_private(app, make_condensed):
    made = make_condensed()
    assert ask(app, made, format="npy").status_code == 200
    model.Session.get(model.Package, made.package_id).private = True
    model.Session.commit()
    assert ask(app, made, format="npy").status_code == 403


def test_deleted_resource(app, make_condensed):
    made = make_condensed()
    assert ask(app, made, format="npy").status_code == 200
    model.Session.get(model.Resource, made.id).state = "deleted"
    model.Session.commit()
    assert ask(app, made, format="npy").status_code == 404


def test_memory_saves_statements(app, make_condensed, statements):
    made = make_condensed()
    ask(app, made, format="npy")
    with statements() as seen:
        ask(app, made, format="npy", stop="7")
    assert len(seen) == 1
