"""Solr's ``qf`` and ``mm``."""

from __future__ import annotations

import pytest

from ckanext.pg_search.errors import QueryNotUnderstoodError
from ckanext.pg_search.ranking import class_weights, minimum_match, parse_query_fields


@pytest.mark.parametrize(
    ("rule", "clauses", "required"),
    [
        ("2<-1 5<80%", 1, 1),
        ("2<-1 5<80%", 2, 2),
        ("2<-1 5<80%", 3, 2),
        ("2<-1 5<80%", 5, 4),
        ("2<-1 5<80%", 10, 8),
        ("2 < -1  5 < 80%", 4, 3),
        ("3", 2, 2),
        ("-2", 5, 3),
        ("75%", 4, 3),
        ("-25%", 4, 3),
        ("0", 4, 1),
        ("100%", 7, 7),
    ],
)
def test_minimum_match_follows_solr(rule: str, clauses: int, required: int) -> None:
    assert minimum_match(rule, clauses) == required


@pytest.mark.parametrize("rule", ["", "many", "2<", "a<-1", "2<-1 5<x"])
def test_a_minimum_that_cannot_be_read_is_refused(rule: str) -> None:
    with pytest.raises(QueryNotUnderstoodError):
        minimum_match(rule, 6)


def test_weights_of_fields_become_weights_of_classes() -> None:
    fields = parse_query_fields("name^4 title^4 tags^2 groups^2 text")
    assert fields == {"name": 4, "title": 4, "tags": 2, "groups": 2, "text": 1}
    assert class_weights(fields) == [0.25, 0.25, 0.5, 1.0]  # D, C, B, A as PostgreSQL wants them


@pytest.mark.parametrize("text", ["title^", "title^high", "title^-1", "title^1^2"])
def test_a_weight_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(QueryNotUnderstoodError):
        parse_query_fields(text)
