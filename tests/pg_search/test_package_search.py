"""What DCOR-Aid and people at the web pages ask through CKAN's own search."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def world(tx, new_person, new_circle, new_dataset) -> SimpleNamespace:
    """Two circles, two people; each has a public and a private dataset and a draft."""
    anna, ben = new_person(), new_person()
    one, two = new_circle(anna.name), new_circle(ben.name)
    return SimpleNamespace(
        anna=anna, ben=ben, one=one, two=two,
        public=new_dataset(anna, one, title="Beads measured with DCOR-Aid"),
        private=new_dataset(anna, one, title="Secret beads", private=True),
        draft=new_dataset(anna, one, title="Unfinished beads", state="draft"),
        other=new_dataset(ben, two, title="Blood"),
    )  # fmt: skip


@pytest.fixture
def ask(app) -> Callable[..., Any]:
    """Asks the API like a client: ``ask(person or None, **parameters)``."""

    def get(person: Any, **params: Any) -> Any:
        headers = {"Authorization": person.token} if person else {}
        return app.get("/api/3/action/package_search", query_string=params, headers=headers)

    return get


@pytest.fixture
def found(ask) -> Callable[..., set[str]]:
    """Returns the ids of what a client finds."""

    def find(person: Any, **params: Any) -> set[str]:
        answer = ask(person, **params)
        assert answer.status_code == 200, answer.body
        result = answer.json["result"]
        assert result["count"] == len(result["results"])
        return {dataset["id"] for dataset in result["results"]}

    return find


def ids(*datasets: dict[str, Any]) -> set[str]:
    return {dataset["id"] for dataset in datasets}


def test_everybody_finds_public_datasets_only_members_private_ones(world, found) -> None:
    assert found(None, q="*:*", include_private=True) == ids(world.public, world.other)
    assert found(world.ben, q="beads", include_private=True) == ids(world.public)
    assert found(world.anna, q="beads", include_private=True) == ids(world.public, world.private)


def test_the_sync_query_of_dcoraid_finds_the_whole_circle(world, found) -> None:
    since = "metadata_modified:[1970-01-01T00\\:00\\:00Z TO NOW]"
    fq = f"(organization:{world.one['name']} AND {since})"
    params = {"rows": 1000, "sort": "metadata_created desc", "start": 0, "include_private": True}
    assert found(world.anna, q="*:*", fq=fq, **params) == ids(world.public, world.private)


def test_owners_find_their_own_and_others_find_the_rest(world, found) -> None:
    anna = world.anna.id
    circles = f"(organization:{world.one['name']} OR organization:{world.two['name']})"
    assert found(world.anna, fq=f"+creator_user_id:{anna}", include_private=True) == ids(
        world.public, world.private
    )
    assert found(world.anna, fq=f"-creator_user_id:{anna}") == ids(world.other)
    fq = f"(-creator_user_id:{anna} AND {circles})"
    assert found(world.anna, fq=fq, include_private=True) == ids(world.other)


def test_owners_find_their_drafts_and_nothing_but_drafts(world, found) -> None:
    params = {"include_drafts": True, "include_private": True, "rows": 1000}
    fq = f"creator_user_id:{world.anna.id} AND state:draft"
    assert found(world.anna, q="*:*", fq=fq, **params) == ids(world.draft)
    assert found(world.ben, q="*:*", fq=fq, **params) == set()


def test_dcoraid_finds_dcor_aid(world, found) -> None:
    for text in ("dcoraid", "DCOR-Aid", "dcor aid"):
        assert found(None, q=text) == ids(world.public)


def test_a_collection_is_found_by_name(world, found, new_dataset) -> None:
    from ckan.plugins import toolkit as tk

    context = {"ignore_auth": True, "user": world.anna.name}
    collection = tk.get_action("group_create")(dict(context), {"name": f"g{world.one['name']}"})
    tk.get_action("member_create")(
        dict(context),
        {"id": collection["id"], "object": world.other["id"], "object_type": "package",
         "capacity": "public"},
    )  # fmt: skip
    for fq in (f"groups:{collection['name']}", f"+groups:{collection['name']}"):
        assert found(None, fq=fq, rows=1000) == ids(world.other)


def test_a_filter_of_alternatives_is_never_loosened_by_what_ckan_appends(world, found) -> None:
    assert found(None, fq=f"name:{world.other['name']} OR name:nothing*") == ids(world.other)


def test_pages_add_up_to_the_count(world, ask) -> None:
    pages = [ask(None, rows=1, start=start).json["result"] for start in range(3)]
    assert [page["count"] for page in pages] == [2, 2, 2]
    assert [len(page["results"]) for page in pages] == [1, 1, 0]


def test_a_change_is_found_at_once_and_show_reads_the_index(world, found) -> None:
    from ckan.lib import search
    from ckan.plugins import toolkit as tk

    context = {"ignore_auth": True, "user": world.anna.name}
    tk.get_action("package_patch")(context, {"id": world.public["id"], "notes": "Quokka"})
    assert found(None, q="quokka") == ids(world.public)
    dataset = tk.get_action("package_show")({"ignore_auth": True}, {"id": world.public["id"]})
    indexed = search.show(world.public["id"])["metadata_modified"]
    assert dataset["metadata_modified"][:22] == indexed[:22]


def test_a_removed_dataset_is_gone(world, found) -> None:
    from ckan.plugins import toolkit as tk

    context = {"ignore_auth": True, "user": world.anna.name}
    tk.get_action("package_delete")(dict(context), {"id": world.other["id"]})
    assert found(None) == ids(world.public)


@pytest.mark.parametrize(
    "params",
    [
        {"q": "title:(beads"}, {"fq": "title:beads~2"},
        {"q": "metadata_modified:[yesterday TO NOW]"},
        {"q": "cell", "bf": "ord(x)"}, {"fq": "dcnum_area:[a TO b]"}, {"sort": "name sideways"},
        {"q": "(" * 60 + "a:b" + ")" * 60}, {"defType": "func", "q": "1"},
    ],
)  # fmt: skip
def test_a_query_that_is_wrong_or_not_supported_is_a_bad_request(ask, params) -> None:
    answer = ask(None, **params)
    assert answer.status_code == 400
    assert answer.json["success"] is False
    assert "Search Query Error" in answer.json["error"]["__type"]


def test_values_are_counted_within_what_the_asker_may_see(world, ask) -> None:
    params = {"facet.field": '["organization", "permission_labels"]', "include_private": True}
    facets = ask(None, **params).json["result"]["facets"]
    assert facets["organization"] == {world.one["name"]: 1, world.two["name"]: 1}
    assert facets["permission_labels"] == {}
    facets = ask(world.anna, **params).json["result"]["facets"]
    assert facets["organization"] == {world.one["name"]: 2, world.two["name"]: 1}


def test_names_and_titles_are_completed(world) -> None:
    from ckan.plugins import toolkit as tk

    complete = tk.get_action("package_autocomplete")
    found = complete({"ignore_auth": True}, {"q": "ith DCOR"})
    assert [dataset["name"] for dataset in found] == [world.public["name"]]
