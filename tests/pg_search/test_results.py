"""Counts, pages, orders and fields of results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Index


@pytest.fixture
def three(index: Index) -> Index:
    index.add("a", title="A", title_string="A", tags=["x", "y"], organization="one",
              views_recent=5, vocab_v=["p"], metadata_modified="2026-01-01T00:00:00Z",
              dcnum_area=[5, 50])  # fmt: skip
    index.add("b", title="b", title_string="b", tags=["x"], organization="one",
              metadata_modified="2026-03-01T00:00:00Z", dcnum_area=[7], version="2")  # fmt: skip
    index.add("c", title="C", title_string="C", organization="two", views_recent=9,
              metadata_modified="2026-02-01T00:00:00.5Z", version="1")  # fmt: skip
    return index


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name desc", "cba"),
        ("title_string asc", "ACb".lower()),
        ("metadata_modified desc", "bca"),
        ("views_recent desc", "cab"),
        ("views_recent asc", "acb"),
        ("dcnum_area asc", "abc"),
        ("dcnum_area desc", "abc"),
        ("field(dcnum_area,max) asc, name desc", "bac"),
        ("field(dcnum_area, min) desc", "bac"),
        ("version asc", "cba"),
        ("unknown desc, name desc", "cba"),
        ("score desc, organization desc, name desc", "cba"),
    ],
)
def test_results_are_sorted_and_what_has_no_value_comes_last(
    three: Index, sort: str, expected: str
) -> None:
    assert "".join(three.names(sort=sort)) == expected


def test_pages_show_every_dataset_once_and_the_count_says_how_many(index: Index) -> None:
    for number in range(7):
        index.add(f"d{number}", organization="same")
    pages = [index.search(rows=3, start=start, sort="organization asc") for start in (0, 3, 6, 9)]
    names = [document["name"] for page in pages for document in page.docs]
    assert sorted(names) == [f"d{number}" for number in range(7)]
    assert {page.hits for page in pages} == {7}


def test_values_are_counted_for_every_wanted_field(three: Index) -> None:
    fields = ["tags", "organization", "vocab_v", "nothing", "permission_labels"]
    found = three.search(rows=0, facet="true", **{"facet.field": fields})
    assert found.hits == 3
    assert found.docs == []
    assert found.facets["facet_fields"] == {
        "tags": ["x", 2, "y", 1], "organization": ["one", 2, "two", 1], "vocab_v": ["p", 1],
        "nothing": [], "permission_labels": [],
    }  # fmt: skip


def test_counts_can_be_limited(three: Index) -> None:
    params = {"facet": True, "facet.field": '["tags", "organization"]'}
    few = three.search(**params, **{"facet.limit": 1}).facets["facet_fields"]
    assert few == {"tags": ["x", 2], "organization": ["one", 2]}
    frequent = three.search(**params, **{"facet.mincount": 2}).facets["facet_fields"]
    assert frequent == few


def test_nothing_is_counted_unless_asked(three: Index) -> None:
    assert three.search(facet="false", **{"facet.field": ["tags"]}).facets["facet_fields"] == {}


def test_only_wanted_fields_are_given_back(three: Index) -> None:
    assert three.search("name:a", fl="id,tags").docs == [{"id": "a", "tags": ["x", "y"]}]
    assert set(three.search("name:a", fl=["name", "score"]).docs[0]) == {"name", "score"}


def test_all_fields_are_given_back_but_permission_labels_and_unknown_ones(index: Index) -> None:
    index.add("d", title="T", tags=["x"], extras_e="E", res_name=["r", ""], custom="C",
              metadata_modified="2014-06-10T08:24:12.782257Z", test_date="2024-02-29T00:00:00Z",
              data_dict="{}", validated_data_dict='{"a": 1}', dcnum_area=[1, 2])  # fmt: skip
    (document,) = index.search().docs
    assert document == {
        "index_id": document["index_id"], "site_id": index.site_id, "id": "d", "name": "d",
        "entity_type": "package", "state": "active", "capacity": "public", "title": "T",
        "tags": ["x"], "extras_e": "E", "res_name": ["r", ""],
        "metadata_modified": "2014-06-10T08:24:12.782Z", "test_date": "2024-02-29T00:00:00.000Z",
        "data_dict": "{}", "validated_data_dict": '{"a": 1}', "dcnum_area": [1, 2],
    }  # fmt: skip
    assert index.search(fl="permission_labels,name").docs == [{"name": "d"}]
