"""Lists name nothing of datasets that somebody may not see."""

import uuid

import pytest

from tests.dcor_schemas.auth.conftest import as_script


@pytest.fixture
def tags(cast, new_dataset):
    """Tags that have a word in common: state of a dataset → its tag."""
    word = f"patient{uuid.uuid4().hex[:8]}"
    for role in ("circle member", "collaborator (member)", "collection member"):
        cast[role]
    made = {"word": word}
    for kind in ("draft", "private", "public"):
        made[kind] = f"{word}-{kind}"
        state = "draft" if kind == "draft" else "active"
        new_dataset(state, private=kind != "public", tags=[{"name": made[kind]}])
    return made


@pytest.fixture
def listed(call, tags):
    """What the actions for tags say to somebody, one answer for each of them."""

    def listed(person):
        word = {"query": tags["word"]}
        found = call("tag_search", person, **word)
        assert found["count"] == len(found["results"])
        answers = [
            call("tag_list", person),
            call("tag_list", person, **word),
            [tag["name"] for tag in call("tag_list", person, all_fields=True)],
            call("tag_autocomplete", person, **word),
            [tag["name"] for tag in found["results"]],
        ]
        return [{one for one in answer if tags["word"] in one} for answer in answers]

    return listed


@pytest.mark.parametrize("role", ["anonymous", "logged in"])
def test_tags_of_hidden_datasets_are_hidden(cast, tags, listed, role):
    for answer in listed(cast[role]):
        assert answer == {tags["public"]}


@pytest.mark.parametrize("role", ["circle member", "collaborator (member)", "sysadmin"])
def test_tags_are_known_to_those_who_see_their_datasets(cast, tags, listed, role):
    for answer in listed(cast[role]):
        assert answer == {tags["draft"], tags["private"], tags["public"]}


def test_pages_of_tags_have_no_gaps(cast, tags, call):
    asked = {"query": tags["word"], "limit": 1}
    assert call("tag_autocomplete", **asked) == [tags["public"]]
    found = call("tag_search", **asked)
    assert (found["count"], found["results"][0]["name"]) == (1, tags["public"])
    assert call("tag_search", offset=1, **asked)["results"] == []
    pages = [call("tag_autocomplete", cast["sysadmin"], offset=i, **asked) for i in range(4)]
    assert sorted(pages) == [[], [tags["draft"]], [tags["private"]], [tags["public"]]]
    assert call("tag_search", status=409, query="x", limit="many")["limit"]


def test_a_hidden_tag_is_not_there(cast, tags, status):
    for person in (None, cast["logged in"]):
        assert status("tag_show", person, id=tags["private"])[0] == 404
        assert status("tag_show", person, id=tags["public"])[0] == 200
    assert status("tag_show", cast["circle member"], id=tags["private"])[0] == 200


@pytest.mark.parametrize("group", ["circle", "collection"])
@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("anonymous", {"public"}),
        ("logged in", {"public"}),
        ("collaborator (member)", {"private", "public"}),
        ("sysadmin", {"private", "public"}),
    ],
)
def test_hidden_datasets_are_not_listed_as_members(cast, new_dataset, call, group, role, seen):
    cast[role]
    made = {
        "private": new_dataset("active")["id"],
        "public": new_dataset("active", private=False)["id"],
    }
    where = {"id": getattr(cast, group)["id"], "object_type": "package"}
    listed = {entry[0] for entry in call("member_list", cast[role], **where)}
    assert {kind for kind, dataset_id in made.items() if dataset_id in listed} == seen


def test_scripts_see_all_members(cast, new_dataset):
    dataset = new_dataset("active")
    listed = as_script("member_list", id=cast.circle["id"], object_type="package")
    assert [entry[0] for entry in listed] == [dataset["id"]]
