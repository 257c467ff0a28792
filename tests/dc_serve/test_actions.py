"""The action dcserv over HTTP: shapes of results, texts of errors, permissions."""

from __future__ import annotations

import time
import uuid

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import planning

from ckanext.dc_serve import records as waiting

KERNEL_QUERIES = ["metadata", "size", "logs", "tables", "basins", "trace_list"]


def ask(app, resource_id, query="metadata", headers=None, **more):
    """Status and body of an answer; every answer is JSON in CKAN's envelope."""
    given = {"id": resource_id, "query": query} | more
    answer = app.get("/api/3/action/dcserv", query_string=given, headers=headers or {})
    assert answer.content_type == "application/json;charset=utf-8"
    assert answer.json["help"].endswith("/api/3/action/help_show?name=dcserv")
    return answer


def result(app, resource_id, query="metadata", headers=None, **more):
    answer = ask(app, resource_id, query, headers, **more)
    assert answer.status_code == 200, answer.body
    assert answer.json["success"] is True
    return answer.json["result"]


def refusal(answer):
    assert answer.json["success"] is False
    error = answer.json["error"]
    return answer.status_code, error["__type"], error["message"]


# results


def test_metadata(app, make_measurement, description):
    assert result(app, make_measurement().id, "metadata") == description["metadata"]


def test_keys_of_metadata_are_sorted_on_the_wire(app, make_measurement):
    answer = ask(app, make_measurement().id, "metadata")
    assert answer.body.index('"event count"') < answer.body.index('"run index"')


def test_integers_and_floats_keep_their_type_on_the_wire(app, make_measurement):
    body = ask(app, make_measurement().id, "metadata").body
    assert '"event count": 47,' in body
    assert '"channel width": 20.0' in body


def test_size(app, make_measurement):
    assert result(app, make_measurement().id, "size") == 47


def test_feature_list_is_empty(app, make_measurement):
    assert result(app, make_measurement().id, "feature_list") == []


def test_feature_list_needs_no_record(app, make_resource):
    assert result(app, make_resource().id, "feature_list") == []


def test_trace_list(app, make_measurement):
    assert result(app, make_measurement().id, "trace_list") == ["fl1_median", "fl1_raw"]


def test_logs_get_richer_with_the_condensed_file(app, make_measurement, note_record):
    made = make_measurement()
    assert result(app, made.id, "logs") == {"hans": ["peter"]}
    condensed = {"features": ["deform"], "logs": {"hans": ["x"], "dclab-condense": ["{}"]}}
    note_record(made, condensed=condensed)
    assert result(app, made.id, "logs") == {"hans": ["peter"], "dclab-condense": ["{}"]}


def test_numbers_of_named_tables_are_floats_on_the_wire(app, make_measurement):
    body = ask(app, make_measurement().id, "tables").body
    assert '[["brightness"], [[[1.0]], [[2.0]]]]' in body


@pytest.mark.parametrize("there", [True, False])
def test_valid_says_whether_the_object_is_there(app, make_resource, put_object, there):
    made = make_resource()
    if there:
        put_object(made)
    assert result(app, made.id, "valid") is there


def test_version_2_is_the_default(app, make_measurement):
    made = make_measurement()
    assert result(app, made.id, "size", version="2") == result(app, made.id, "size")


def test_json_body(app, make_measurement):
    given = {"id": make_measurement().id, "query": "size", "version": "2"}
    assert app.post("/api/3/action/dcserv", json=given).json["result"] == 47


def test_address_without_a_version_of_the_api(app, make_measurement):
    given = {"id": make_measurement().id, "query": "size"}
    assert app.get("/api/action/dcserv", query_string=given).json["result"] == 47


def test_old_parameters_are_ignored(app, make_measurement):
    assert result(app, make_measurement().id, "size", feature="deform", event="1", trace="a") == 47


# basins


def test_basins_of_a_public_measurement(app, make_measurement, store):
    made = make_measurement(condensed={"features": ["volume", "deform"], "logs": {}})
    where = f"{store.settings.endpoint_url}/{bucket(store, made)}"
    key = f"{made.id[:3]}/{made.id[3:6]}/{made.id[6:]}"
    common = {"format": "http", "type": "remote", "mapping": "same", "perishable": False}
    assert result(app, made.id, "basins") == [
        common
        | {
            "name": f"condensed-{made.id[:5]}",
            "key": f"dcor-condensed-{made.id}",
            "urls": [f"{where}/condensed/{key}"],
            "features": ["deform", "volume"],
        },
        common
        | {
            "name": f"resource-{made.id[:5]}",
            "key": f"dcor-resource-{made.id}",
            "urls": [f"{where}/resource/{key}"],
            "features": ["area_um", "deform", "image", "trace"],
        },
    ]


def test_condensed_basin_is_listed_without_features_until_the_file_is_there(app, make_measurement):
    condensed, original = result(app, make_measurement().id, "basins")
    assert "features" not in condensed
    assert "features" in original


@pytest.mark.parametrize("hidden", [{"private": True}, {"state": "draft"}])
def test_basins_of_a_private_measurement_expire(app, make_measurement, member, store, hidden):
    made = make_measurement(**hidden)
    for basin in result(app, made.id, "basins", member):
        kind = basin["name"].removesuffix(f"-{made.id[:5]}")
        assert basin["key"] == f"dcor-presigned-{kind}-{made.id}"
        assert basin["perishable"] is True
        (url,) = basin["urls"]
        assert url.startswith(f"{store.settings.endpoint_url}/{bucket(store, made)}/{kind}/")
        assert "expires" in url.lower()
        assert "disposition" not in url.lower()
        assert isinstance(basin["time_request"], float)
        assert isinstance(basin["time_expiration"], int)
        assert basin["time_request"] <= time.time()
        assert time.time() + 3000 < basin["time_expiration"] < time.time() + 3600 * 1.21


def test_names_of_basins_are_stable_between_calls(app, make_measurement, member):
    made = make_measurement(private=True)
    first, second = (result(app, made.id, "basins", member) for _ in range(2))
    assert [b["name"] for b in first] == [b["name"] for b in second]


def test_publishing_takes_effect_at_once(app, make_measurement, member):
    made = make_measurement(private=True)
    assert result(app, made.id, "basins", member)[0]["perishable"]
    model.Session.get(model.Package, made.package_id).private = False
    model.Session.commit()
    assert not result(app, made.id, "basins")[0]["perishable"]


def test_moving_to_another_circle_takes_effect_at_once(app, make_measurement):
    made, new = make_measurement(), str(uuid.uuid4())
    result(app, made.id, "basins")
    model.Session.get(model.Package, made.package_id).owner_org = new
    model.Session.commit()
    assert all(new in basin["urls"][0] for basin in result(app, made.id, "basins"))


def test_upstream_features_are_listed(app, make_measurement):
    condensed = {"features": ["deform"], "logs": {}, "basin_features": ["userdef3"]}
    made = make_measurement(condensed=condensed)
    assert result(app, made.id, "basins")[0]["features"] == ["deform", "userdef3"]


# errors


def test_query_is_required(app, make_measurement):
    answer = app.get("/api/3/action/dcserv", query_string={"id": make_measurement().id})
    expected = (409, "Validation Error", "Please specify 'query' parameter!")
    assert refusal(answer) == expected


def test_id_is_required(app, tx):
    answer = app.get("/api/3/action/dcserv", query_string={"query": "valid"})
    assert refusal(answer) == (409, "Validation Error", "Please specify 'id' parameter!")


def test_empty_id(app, tx):
    expected = (409, "Validation Error", "Missing id, can not get Resource object")
    assert refusal(ask(app, "")) == expected


def test_version_1_is_gone(app, make_measurement):
    assert refusal(ask(app, make_measurement().id, version="1")) == (
        409,
        "Validation Error",
        "Version '1' of the DCOR API is not supported anymore. Please use version '2' instead!",
    )


def test_unknown_version(app, make_measurement):
    expected = (409, "Validation Error", "Please specify version '1' or '2'!")
    assert refusal(ask(app, make_measurement().id, version="4")) == expected


def test_integer_version_in_a_json_body(app, make_measurement):
    given = {"id": make_measurement().id, "query": "size", "version": 2}
    answer = app.post("/api/3/action/dcserv", json=given)
    assert refusal(answer) == (409, "Validation Error", "Please specify version '1' or '2'!")


def test_unknown_resource(app, tx):
    assert refusal(ask(app, str(uuid.uuid4()))) == (404, "Not Found Error", "Not found")


@pytest.mark.parametrize("query", ["valid", "feature_list", *KERNEL_QUERIES])
def test_resources_are_not_found_by_name(app, make_measurement, query):
    make_measurement(name="beads-with-a-name.rtdc")
    expected = (404, "Not Found Error", "Not found")
    assert refusal(ask(app, "beads-with-a-name.rtdc", query)) == expected


def test_deleted_resource_is_not_found(app, make_measurement):
    expected = (404, "Not Found Error", "Not found")
    made = make_measurement()
    model.Session.get(model.Resource, made.id).state = "deleted"
    model.Session.commit()
    assert refusal(ask(app, made.id)) == expected


@pytest.mark.parametrize("hidden", [{"private": True}, {"state": "draft"}])
def test_anonymous_users_are_refused_private_data(app, make_measurement, hidden):
    made = make_measurement(**hidden)
    assert refusal(ask(app, made.id)) == (
        403,
        "Authorization Error",
        f"Access denied: User  not authorized to read resource {made.id}",
    )


def test_strangers_are_refused_private_data(app, make_measurement, stranger):
    made = make_measurement(private=True)
    status, kind, message = refusal(ask(app, made.id, headers=stranger))
    assert (status, kind) == (403, "Authorization Error")
    assert message.startswith("Access denied: User ")
    assert message.endswith(f" not authorized to read resource {made.id}")


@pytest.mark.parametrize("token", ["", "not-a-token"])
def test_empty_and_wrong_tokens_count_as_anonymous(app, make_measurement, token):
    headers = {"Authorization": token}
    assert result(app, make_measurement().id, "size", headers) == 47
    assert refusal(ask(app, make_measurement(private=True).id, headers=headers))[0] == 403


def test_members_read_private_data(app, make_measurement, member):
    assert result(app, make_measurement(private=True).id, "size", member) == 47


def test_jsonp_is_anonymous(app, make_measurement, member):
    given = {"id": make_measurement(private=True).id, "query": "size", "callback": "f"}
    answer = app.get("/api/3/action/dcserv", query_string=given, headers=member)
    assert "Access denied" in answer.body


def test_not_a_measurement(app, make_resource):
    made = make_resource(name="notes.txt")
    assert refusal(ask(app, made.id, "no such query")) == (
        409,
        "Validation Error",
        f"Resource ID {made.id} must be an .rtdc dataset!",
    )


def test_permission_is_checked_before_the_type(app, make_resource):
    assert refusal(ask(app, make_resource(name="notes.txt", private=True).id))[0] == 403


@pytest.mark.parametrize("query", ["feature", "trace", "", "METADATA"])
def test_unknown_query(app, make_measurement, query):
    expected = (409, "Validation Error", f"Invalid query parameter '{query}'!")
    assert refusal(ask(app, make_measurement().id, query)) == expected


def test_query_given_twice(app, make_measurement):
    expected = (409, "Validation Error", "Invalid query parameter '['size', 'size']'!")
    assert refusal(ask(app, make_measurement().id, ["size", "size"])) == expected


@pytest.mark.parametrize("query", KERNEL_QUERIES)
def test_nothing_is_said_about_a_measurement_that_is_not_described(app, make_resource, query):
    made = make_resource(extras={"s3_available": True})
    expected = (500, "Internal Server Error", "Internal Server Error")
    assert refusal(ask(app, made.id, query)) == expected


def test_record_of_another_object_is_not_used(app, make_measurement, no_wait):
    made = make_measurement(etag="1" * 32)
    assert ask(app, made.id, "size").status_code == 500


def test_failed_description_is_answered_at_once(app, make_resource, note_step):
    made = make_resource()
    note_step(made, "describe", "failed")
    begin = time.monotonic()
    assert ask(app, made.id, "size").status_code == 500
    assert time.monotonic() - begin < 1


@pytest.mark.parametrize("body", ["{", "[1, 2]", '"text"', "\\ud800", "NaN"])
def test_bodies_that_cannot_be_read_are_refused_in_the_envelope(app, body):
    answer = app.post("/api/3/action/dcserv", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.content_type == "application/json;charset=utf-8"
    assert answer.json["success"] is False
    assert answer.json["help"].endswith("/api/3/action/help_show?name=dcserv")
    assert answer.json["error"]["message"].startswith("Bad request: JSON Error")


def test_other_actions_answer_as_ckan_does(app):
    answer = app.post("/api/3/action/status_show", data="{", content_type="application/json")
    assert isinstance(answer.json, str)


def test_errors_of_the_database_come_in_the_envelope(app, make_measurement):
    made = make_measurement()
    model.Session.execute(sa.text("ALTER TABLE dcor_record RENAME TO gone"))
    expected = (500, "Internal Server Error", "Internal Server Error")
    assert refusal(ask(app, made.id, "size")) == expected


def test_errors_of_the_store_come_in_the_envelope(app, make_measurement, monkeypatch):
    made = make_measurement()
    monkeypatch.setitem(tk.config, "dcor_object_store.endpoint_url", "http://127.0.0.1:9")
    expected = (500, "Internal Server Error", "Internal Server Error")
    assert refusal(ask(app, made.id, "valid")) == expected


# waiting for a description


def test_message_is_sent_once_for_any_number_of_requests(app, make_resource, no_wait, messages):
    made = make_resource()
    planning.plan(model.Session(), made.package_id)
    model.Session.commit()
    assert ask(app, made.id, "metadata").status_code == 500
    sent = messages(made)
    assert sent > 0
    for _request in range(5):
        ask(app, made.id, "metadata")
    assert messages(made) == sent


def test_request_waits_for_the_record():
    looks = iter([None, None, "the record"])
    assert waiting.wait_for(lambda: next(looks), 5) == "the record"


def test_request_does_not_wait_for_ever():
    assert waiting.wait_for(lambda: None, 0.05) is None


# caching and cost


@pytest.mark.parametrize("query", KERNEL_QUERIES)
def test_object_store_is_not_asked(app, make_measurement, member, monkeypatch, query):
    # neither is there a condensed file, nor would the store answer
    monkeypatch.setitem(tk.config, "dcor_object_store.endpoint_url", "http://127.0.0.1:9")
    result(app, make_measurement(private=True).id, query, member)


def test_answers_about_private_data_are_kept_by_nobody(app, make_measurement, member):
    made = make_measurement(private=True)
    for headers in ({}, member):
        answer = ask(app, made.id, "basins", headers)
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_statements_of_an_anonymous_request(app, make_measurement, statements):
    made = make_measurement()
    with statements() as seen:
        result(app, made.id, "basins")
    own = [one for one in seen if "FROM resource" in one or "FROM dcor_" in one]
    assert len(own) == 2, own
    # CKAN looks whether its configuration changed, the permission labels at the collections
    assert len(seen) <= 4, seen


def bucket(store, made):
    return store.settings.bucket_name.format(organization_id=made.circle_id)
