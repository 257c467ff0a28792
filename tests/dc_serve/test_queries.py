"""Answers made of a record: orders, types and merging that clients rely on."""

from __future__ import annotations

import json

from ckanext.dc_serve import queries


def test_metadata_is_sorted_by_section_and_key():
    # PostgreSQL's JSONB hands keys back in an order of its own
    original = {"metadata": {"setup": {"b": 1, "a": 2.0}, "experiment": {"event count": 4}}}
    assert json.dumps(queries.metadata(original)) == (
        '{"experiment": {"event count": 4}, "setup": {"a": 2.0, "b": 1}}'
    )


def test_size_is_the_event_count():
    assert queries.size({"metadata": {"experiment": {"event count": 47}}}) == 47


def test_trace_list_is_sorted():
    assert queries.trace_list({"trace_list": ["fl1_raw", "fl1_median"]}) == [
        "fl1_median",
        "fl1_raw",
    ]


def test_trace_list_is_empty_without_traces():
    assert queries.trace_list({"trace_list": None}) == []
    assert queries.trace_list({}) == []


def test_logs_of_the_original_win():
    original = {"hans": ["peter"], "both": ["original"]}
    condensed = {"both": ["condensed"], "dclab-condense": ["{", "}"]}
    assert queries.logs(original, condensed) == {
        "both": ["original"],
        "dclab-condense": ["{", "}"],
        "hans": ["peter"],
    }


def test_logs_without_a_condensed_file():
    assert queries.logs({"hans": ["peter"]}, None) == {"hans": ["peter"]}


def test_empty_logs_are_left_out():
    assert queries.logs({"nothing": [], "hans": ["peter"]}, None) == {"hans": ["peter"]}


def test_numbers_of_named_tables_are_floats():
    # clients reinterpret the bytes as float64: integers would become 5e-324
    stored = {"table": [["a", "b"], [[[1, 2]], [[None, 3]]]]}
    assert json.dumps(queries.tables(stored)) == (
        '{"table": [["a", "b"], [[[1.0, 2.0]], [[null, 3.0]]]]}'
    )


def test_flat_rows_of_named_tables_stay_flat():
    stored = {"table": [["a", "b"], [[1, 2], [3, 4]]]}
    assert queries.tables(stored) == {"table": [["a", "b"], [[1.0, 2.0], [3.0, 4.0]]]}


def test_strings_in_tables_are_sent():
    stored = {"table": [["name", "n"], [["peter", 1]]]}
    assert queries.tables(stored) == {"table": [["name", "n"], [["peter", 1.0]]]}


def test_unnamed_tables_are_sent_as_they_are():
    stored = {"image": [None, [[1, 2], [3, 4]]]}
    assert json.dumps(queries.tables(stored)) == '{"image": [null, [[1, 2], [3, 4]]]}'


def test_condensed_features_are_unknown_without_a_condensed_file():
    assert queries.condensed_features(None, with_upstream=True) is None


def test_condensed_features_are_those_stored():
    condensed = {"features": ["volume", "deform"], "basin_features": []}
    assert queries.condensed_features(condensed, with_upstream=True) == ["deform", "volume"]


def test_upstream_features_are_listed_if_the_site_wants_it():
    condensed = {"features": ["deform"], "basin_features": ["userdef3", "deform"]}
    assert queries.condensed_features(condensed, with_upstream=True) == ["deform", "userdef3"]
    assert queries.condensed_features(condensed, with_upstream=False) == ["deform"]
