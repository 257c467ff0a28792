"""A draft that grows in our way is the same as one that grows in CKAN's way."""

from __future__ import annotations

import json
import uuid

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.testing.pipeline import run_pending
from tests.dcor_schemas.auth.conftest import as_script

from ckanext.dcor_schemas.uploads import ledger

_TIMES = {"metadata_modified", "last_modified", "created"}
_SUPPLEMENTS = st.fixed_dictionaries(
    {},
    optional={
        "description": st.sampled_from(["", "about it", "Größe µm"]),
        "sp:chip:channel width": st.sampled_from(["20.5", 20, "", -1, "peter"]),
        "sp:general:sample type": st.sampled_from(["artificial", "nonsense"]),
        "sp:cells:live": st.sampled_from(["yes", False]),
        "s3_available": st.sampled_from([True, False, "true"]),
        "etag": st.just("a" * 32),
        "position": st.just(0),
        "format": st.just("PDF"),
    },
)
_NAMES = st.sampled_from(["a.rtdc", "b.rtdc", "c.txt", "first.rtdc", "bad name.rtdc", "d.docx", ""])


def _plain(value):
    """A dataset without times and in one order of keys."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items() if key not in _TIMES}
    return [_plain(entry) for entry in value] if isinstance(value, list) else value


def _differences(one, other, path=""):
    """Where two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {*one, *other}:
            yield from _differences(one.get(key, "-"), other.get(key, "-"), f"{path}/{key}")
    elif (
        isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other)
    ):
        for number, (mine, yours) in enumerate(zip(one, other, strict=True)):
            yield from _differences(mine, yours, f"{path}/{number}")
    elif one != other:
        yield path, one, other


@pytest.fixture
def grow(call, person):
    def grow(dataset, *resources, whose=person, status=200, **match):
        given = {"match": match or {"id": dataset["id"]}}
        return call(
            "package_revise",
            whose,
            status=status,
            update__resources__extend=list(resources),
            **given,
        )

    return grow


@pytest.fixture
def first(draft, uploaded, grow, call, person):
    """A draft with one resource, a tag, an extra and a collection."""
    grow(draft, {"id": uploaded(), "name": "first.rtdc"})
    group = call("group_create", person, name=f"g{uuid.uuid4().hex[:8]}", title="Mine")
    more = {"groups": [{"id": group["id"]}], "tags": [{"name": "beads"}], "doi": "10.1000/1"}
    more |= {"extras": [{"key": "a", "value": "b"}], "references": "https://example.org"}
    return call("package_patch", person, id=draft["id"], **more)


def _index_entry(dataset_id):
    """The row of the search index, with words as a set: positions differ."""
    columns = "tags, groups, res_format, permission_labels, fields, data_dict, validated_data_dict"
    query = f"SELECT {columns}, words, head FROM pg_search_document WHERE id = :id"  # noqa: S608
    row = dict(model.Session.execute(sa.text(query), {"id": dataset_id}).mappings().one())
    row["words"] = {word.rpartition(":")[0] for word in row["words"].split(" ")}
    row["fields"].pop("metadata_modified")
    for name in ("data_dict", "validated_data_dict"):
        row[name] = _plain(json.loads(row[name]))
        row[name]["extras"].sort(key=lambda extra: extra["key"])  # CKAN keeps no order
    return row


def _both_ways(ckans_way, undone, action):
    """Do the same twice; what comes out of CKAN's way and of ours."""
    results = []
    with undone(), ckans_way():
        results.append(action())
    with undone():
        results.append(action())
    return results


def _extend(*resources):
    return {"update__resources__extend": list(resources)}


def test_the_answer_the_dataset_and_the_index_are_the_same(
    first, uploaded, grow, call, person, ckans_way, undone, our_way
):
    ids = [uploaded() for _number in range(3)]
    new = [
        {"id": ids[0], "name": "x.rtdc", "s3_available": True, "sp:chip:channel width": "20"},
        {"id": ids[1], "name": "y.txt", "description": "notes"},
        {"id": ids[2], "name": "z.ini"},
    ]

    def register():
        answers = [grow(first, new[0]), grow(first, *new[1:], name=first["name"])]
        shown = call("package_show", person, id=first["id"])
        return _plain([answers, shown, _index_entry(first["id"])])

    (answers, shown, entry), (own_answers, own_shown, own_entry) = _both_ways(
        ckans_way, undone, register
    )
    assert our_way == [True, True]
    assert own_answers == answers
    assert own_shown == shown
    assert own_entry == entry


@settings(
    max_examples=25,
    deadline=None,
    phases=[phase for phase in Phase if phase is not Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(st.tuples(_NAMES, _SUPPLEMENTS), min_size=1, max_size=2), max_size=3))
def test_whatever_is_sent_both_ways_give_the_same(
    first, uploaded, app, person, ckans_way, undone, requests
):
    ids = [[uploaded() for _resource in resources] for resources in requests]

    def send():
        answers = []
        for numbers, resources in zip(ids, requests, strict=True):
            new = [
                {"id": number, "name": name, **rest}
                for number, (name, rest) in zip(numbers, resources, strict=True)
            ]
            body = {"match": {"id": first["id"]}, "update__resources__extend": new}
            answer = app.post("/api/3/action/package_revise", json=body, headers=person.headers)
            answers.append((answer.status_code, _plain(answer.json)))  # with all that is around it
        return [
            answers,
            _plain(as_script("package_show", id=first["id"])),
            _index_entry(first["id"]),
        ]

    slow, fast = _both_ways(ckans_way, undone, send)
    assert list(_differences(slow, fast)) == []


def test_the_search_finds_new_resources_and_forgets_nothing(first, uploaded, grow, call, person):
    grow(first, {"id": uploaded(), "name": "unmistakable.rtdc"})
    for words in ("unmistakable", "first", "beads", first["title"]):
        found = call("package_search", person, q=words, include_drafts=True)
        assert [one["id"] for one in found["results"]] == [first["id"]], words
    (shown,) = call("package_search", person, q="unmistakable", include_drafts=True)["results"]
    assert [one["name"] for one in shown["resources"]] == ["first.rtdc", "unmistakable.rtdc"]


def test_a_full_update_afterwards_changes_nothing(first, uploaded, grow, call, person):
    grown = grow(first, {"id": uploaded(), "name": "second.rtdc"})["package"]
    updated = call("package_patch", person, id=first["id"], notes="new")
    assert _plain(updated) == _plain(grown | {"notes": "new"})


def test_metadata_modified_grows(first, uploaded, grow):
    grown = grow(first, {"id": uploaded(), "name": "second.rtdc"})["package"]
    assert grown["metadata_modified"] > first["metadata_modified"]
    assert (grown["num_resources"], len(grown["resources"])) == (2, 2)


def test_new_resources_are_processed(first, uploaded, grow, call, person, our_way):
    resource_id = uploaded()
    grow(first, {"id": resource_id, "name": "second.txt"})
    assert our_way == [True]
    (steps,) = call("dcor_resource_status", person, id=resource_id).values()
    assert {step["step"]: step["state"] for step in steps}["hash"] == "pending"


@pytest.mark.parametrize(
    ("resource", "status", "said"),
    [
        ({"name": "first.rtdc"}, 409, "'first.rtdc' already exists!"),
        ({"name": "a.docx"}, 409, "suffix"),
        ({"name": "a.rtdc", "etag": "x"}, 403, "Regular users may not specify 'etag'"),
        ({"name": "a.rtdc", "url": "x"}, 403, "Keys not allowed"),
        ({"name": "a.rtdc", "s3_available": False}, 403, "not available on S3"),
        ({"name": "a.rtdc", "id": str(uuid.uuid4())}, 403, "not available on S3"),
        ({"name": "a.rtdc", "sp:general:sample type": "no"}, 409, "sample type"),
    ],
)
def test_refusals_are_those_of_ckan_and_our_rules(
    first, uploaded, grow, our_way, resource, status, said
):
    error = grow(first, {"id": uploaded()} | resource, status=status)
    assert said in str(error)
    assert our_way == [False]


@pytest.mark.parametrize("whose", ["person", "admin"])
def test_a_resource_is_not_added_twice(first, grow, our_way, request, whose, call, person):
    again = {"id": first["resources"][0]["id"], "name": "again.rtdc"}
    grow(
        first, again, whose=request.getfixturevalue(whose), status=403 if whose == "person" else 409
    )
    assert our_way == [False]
    assert call("package_show", person, id=first["id"])["num_resources"] == 1


def test_what_the_site_allows_no_more_is_left_to_ckan(
    first, uploaded, grow, our_way, admin, monkeypatch
):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.allow_public_datasets", False)
    new = {"id": uploaded(), "name": "a.rtdc"}
    assert "Public datasets have been disabled" in str(grow(first, new, status=403))
    assert grow(first, new, whose=admin)["package"]["private"] is True
    assert our_way == [False, False]


@pytest.mark.parametrize("step", ["shown.after", "indexing.write"])
def test_what_fails_on_the_way_leaves_nothing(first, uploaded, status, person, monkeypatch, step):
    def fail(*_arguments):
        raise RuntimeError("in the middle")

    new = {"id": uploaded(), "name": "a.rtdc"}
    with monkeypatch.context() as patch:
        patch.setattr(f"ckanext.dcor_schemas.growth.{step}", fail)
        answer = status("package_revise", person, match={"id": first["id"]}, **_extend(new))
    assert answer[0] == 500
    model.Session.rollback()
    assert as_script("package_show", id=first["id"]) == first
    assert model.Resource.get(new["id"]) is None
    assert not ledger.find_upload(new["id"]).registered


def test_strangers_and_frozen_datasets_are_refused(first, uploaded, grow, new_person, our_way):
    new = {"id": uploaded(), "name": "a.rtdc"}
    grow(first, new, status=403, whose=new_person())
    as_script("package_patch", id=first["id"], state="active")
    assert "'resources' not allowed for non-draft" in str(grow(first, new, status=403))
    assert our_way == [False, False]


def test_an_outdated_index_is_not_trusted(first, uploaded, grow, our_way, call, person):
    model.Package.get(first["id"]).title = "Changed behind the index's back"
    model.Session.execute(sa.text("DELETE FROM pg_search_document"))
    model.Session.commit()
    grown = grow(first, {"id": uploaded(), "name": "second.rtdc"})["package"]
    assert our_way == [False]
    assert grown["title"] == "Changed behind the index's back"


@pytest.mark.parametrize("what", ["circle", "collection"])
def test_what_the_index_does_not_know_yet_is_noticed(first, uploaded, grow, our_way, what):
    group_id = first["owner_org"] if what == "circle" else first["groups"][0]["id"]
    group = model.Group.get(group_id)
    if what == "circle":
        group.title = "New title"
    else:
        group.state = "active"
        member = model.Session.query(model.Member).filter_by(
            group_id=group_id, table_name="package"
        )
        member.one().state = "deleted"
    model.Session.commit()
    grown = grow(first, {"id": uploaded(), "name": "second.rtdc"})["package"]
    assert our_way == [False]
    assert what == "collection" or grown["organization"]["title"] == "New title"


def test_removed_resources_are_purged_as_before(first, uploaded, grow, call, person, our_way):
    second = grow(first, {"id": uploaded(), "name": "second.rtdc"})["package"]["resources"][1]
    call(
        "package_revise", person, match={"id": first["id"]}, filter=[f"-resources__{second['id']}"]
    )
    grow(first, {"id": uploaded(), "name": "third.rtdc"})
    assert our_way == [True, False]
    assert model.Resource.get(second["id"]) is None
    grow(first, {"id": uploaded(), "name": "fourth.rtdc"})
    assert our_way[-1]


def test_registered_files_are_described_and_activated(
    draft, upload, register, measurement, call, person, our_way, monkeypatch
):
    monkeypatch.undo()
    for number in range(3):
        register(draft, upload(measurement), f"file{number}.rtdc")
    run_pending()
    call("package_patch", person, id=draft["id"], state="active")
    shown = call("package_show", person, id=draft["id"])
    assert [one["position"] for one in shown["resources"]] == [0, 1, 2]
    assert all(one["sha256"] for one in shown["resources"])


def test_statements_do_not_grow_with_resources(first, uploaded, grow, our_way, count_statements):
    def statements() -> int:
        new = {"id": uploaded(), "name": f"{uuid.uuid4()}.rtdc"}
        with count_statements() as counted:
            grow(first, new)
        return counted.number

    statements()
    few = statements()
    grow(first, *({"id": uploaded(), "name": f"n{number}.rtdc"} for number in range(40)))
    assert statements() == few
    assert all(our_way)
