"""Documents for Solr become rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckanext.pg_search.documents import to_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pytest


def unstemmed(words: Iterable[str]) -> Mapping[str, str]:
    return {word: word for word in words}


def test_fields_of_their_own_column_are_set_from_the_document() -> None:
    row = to_row({"id": "1", "organization": "c", "tags": ["a", "b"], "state": None}, unstemmed)
    assert row.columns["organization"] == "c"
    assert row.columns["tags"] == ["a", "b"]
    assert row.columns["state"] is None


def test_values_are_kept_the_way_solr_compares_them() -> None:
    row = to_row({"private": False, "size": 5, "nested": {"a": 1}, "none": None}, unstemmed)
    assert row.columns["fields"] == {
        "private": ["false"], "size": ["5"], "nested": ['{"a": 1}'],
        "_fields": ["nested", "private", "size"],
    }  # fmt: skip


def test_permission_labels_can_be_searched_but_not_given_back() -> None:
    row = to_row({"permission_labels": ["public"]}, unstemmed)
    assert row.columns["permission_labels"] == ["public"]
    assert row.columns["fields"] == {"_fields": []}


def test_numbers_are_points() -> None:
    row = to_row({"dcnum_area": ["1e3", -0.5, 2], "views_total": 7}, unstemmed)
    assert row.points == [("dcnum_area", -0.5), ("dcnum_area", 2), ("dcnum_area", 1000),
                          ("views_total", 7)]  # fmt: skip


def test_what_is_no_number_is_left_out_so_the_dataset_can_be_saved(
    caplog: pytest.LogCaptureFixture,
) -> None:
    row = to_row({"dcnum_area": ["", None, "large", "12,5", float("nan"), "inf", 3]}, unstemmed)
    assert row.points == [("dcnum_area", 3)]
    assert "'12,5' is no number" in caplog.text


def test_dates_are_cut_to_milliseconds() -> None:
    row = to_row({"metadata_modified": "2014-06-10T08:24:12.782257Z"}, unstemmed)
    assert row.columns["fields"]["metadata_modified"] == ["2014-06-10T08:24:12.782Z"]


def test_characters_that_no_database_can_store_are_left_out() -> None:
    row = to_row({"title": "a\x00b\ud800c", "data_dict": '"\x00"'}, unstemmed)
    assert row.columns["fields"]["title"] == ["abc"]
    assert row.columns["data_dict"] == '""'
