"""What version 3 of dcserv adds, apart from features."""

from __future__ import annotations

import pytest

from dcor_shared.pipeline import records as pipeline_records

from ckanext.dc_serve import records
from ckanext.dc_serve.subject import look_up

API = "/api/3/action/dcserv"
FIGURES = {"count": 47, "nan": 0, "min": 0.1, "mean": 0.2}


@pytest.fixture(autouse=True)
def no_memory():
    records.forget()


def ask(app, made, query, headers=None, version="3", **more):
    given = {"id": made.id, "version": version, "query": query} | more
    return app.get(API, query_string=given, headers=headers or {})


def result(app, made, query, **more):
    answer = ask(app, made, query, **more)
    assert answer.status_code == 200, answer.body
    return answer.json["result"]


@pytest.fixture
def condensed():
    return {
        "features": ["deform"],
        "logs": {"dclab-condense": ["{}"]},
        "statistics": {"volume": FIGURES, "deform": FIGURES},
    }


@pytest.mark.parametrize("query", ["metadata", "size", "logs", "tables", "basins", "trace_list"])
def test_queries_of_version_2_are_answered_alike(app, make_measurement, condensed, query):
    made = make_measurement(condensed=condensed)
    assert result(app, made, query) == result(app, made, query, version="2")


@pytest.mark.parametrize("query", ["status", "all", "statistics", "feature"])
def test_version_2_knows_none_of_the_new_queries(app, make_measurement, condensed, query):
    answer = ask(app, make_measurement(condensed=condensed), query, version="2")
    assert answer.status_code == 409
    assert answer.json["error"]["message"] == f"Invalid query parameter '{query}'!"


def test_answers_of_version_2_have_no_headers_but_those_of_ckan(app, make_measurement):
    headers = ask(app, make_measurement(), "metadata", version="2").headers
    ckans = app.get("/api/3/action/status_show").headers
    assert set(headers.keys()) == set(ckans.keys())
    assert headers.get("Vary") == ckans.get("Vary")


# all


def test_all_in_one(app, make_measurement, condensed):
    made = make_measurement(condensed=condensed)
    found = result(app, made, "all")
    assert sorted(found) == ["basins", "logs", "metadata", "tables"]
    for query, part in found.items():
        assert part == result(app, made, query)


# statistics


def test_statistics(app, make_measurement, condensed):
    found = result(app, make_measurement(condensed=condensed), "statistics")
    assert found == {"deform": FIGURES, "volume": FIGURES}


def test_statistics_before_condensing(app, make_measurement):
    answer = ask(app, make_measurement(), "statistics")
    assert answer.status_code == 409
    assert "not available before it was condensed" in answer.json["error"]["message"]


# status


def test_status_of_a_new_measurement(app, make_resource, note_step):
    made = make_resource()
    note_step(made, "describe", "pending")
    found = result(app, made, "status")
    assert (found["finished"], found["described"], found["condensed"]) == (False, False, False)
    assert found["steps"][0]["state"] == "pending"


def test_status_of_a_finished_measurement(app, make_measurement, condensed, note_step):
    made = make_measurement(condensed=condensed)
    for step in ("describe", "condense"):
        note_step(made, step, "done")
    found = result(app, made, "status")
    assert (found["finished"], found["described"], found["condensed"]) == (True, True, True)
    assert [step["step"] for step in found["steps"]] == ["describe", "condense"]


def test_status_of_a_corrupt_measurement_says_why(app, make_resource, note_step):
    made = make_resource()
    note_step(made, "describe", "failed")
    (step,) = result(app, made, "status")["steps"]
    assert step["state"] == "failed"
    assert step["error"] == {"code": "unreadable", "text": "The file cannot be read."}


# ETags


@pytest.mark.parametrize("query", ["metadata", "logs", "tables", "basins", "all", "statistics"])
def test_who_has_the_answer_gets_304(app, make_measurement, condensed, query):
    made = make_measurement(condensed=condensed)
    first = ask(app, made, query)
    again = ask(app, made, query, {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_tag_changes_with_the_answer(app, make_measurement, condensed, note_record):
    made = make_measurement()
    tag = ask(app, made, "logs").headers["ETag"]
    note_record(made, condensed=condensed)
    again = ask(app, made, "logs", {"If-None-Match": tag})
    assert again.status_code == 200
    assert "dclab-condense" in again.json["result"]


def test_errors_have_no_tag(app, make_measurement):
    assert "ETag" not in ask(app, make_measurement(), "statistics").headers


def test_private_answers_are_kept_by_nobody(app, make_measurement, member):
    answer = ask(app, make_measurement(private=True), "metadata", member)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


# records


def test_parts_are_loaded_when_they_are_asked_for(app, make_measurement, statements):
    made = make_measurement()
    with statements() as seen:
        ask(app, made, "metadata")
    (load,) = [statement for statement in seen if "FROM dcor_record" in statement]
    assert "tables,logs" in load
    with statements() as seen:
        ask(app, made, "basins")
        ask(app, made, "metadata")
    assert not [statement for statement in seen if statement.startswith("SELECT CAST")]


def test_changed_record_is_seen_at_once(app, make_measurement, note_record):
    made = make_measurement()
    assert result(app, made, "size") == 47
    note_record(made, original={"metadata": {"experiment": {"event count": 8}}, "features": []})
    assert result(app, made, "size") == 8


def test_record_of_another_object_is_never_used(app, make_measurement, no_wait):
    made = make_measurement(etag="f" * 32)
    assert ask(app, made, "metadata").status_code == 500


def test_lost_record_is_made_again(make_measurement, note_step, no_wait, messages):
    """Only the description is missing, so only the steps that make it are ordered anew."""
    from ckan import model

    from dcor_shared.pipeline.model import RecordRow, StepRow

    made = make_measurement()
    for step in ("describe", "hash", "condense"):
        note_step(made, step, "done")
    model.Session.delete(model.Session.get(RecordRow, made.id))
    model.Session.commit()
    # not by HTTP: an error rolls back, and here everything is one transaction
    with pytest.raises(records.DescriptionPendingError):
        records.load(look_up(made.id), "head")
    model.Session.expire_all()
    states = {
        step: model.Session.get(StepRow, (made.id, step)).state
        for step in ("describe", "hash", "condense")
    }
    assert states == {"describe": "pending", "hash": "done", "condense": "pending"}
    assert pipeline_records.load(model.Session, made.id) is None
