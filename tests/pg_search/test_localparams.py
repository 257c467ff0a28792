"""Queries that name their parser."""

from __future__ import annotations

import pytest

from ckanext.pg_search.errors import QueryNotUnderstoodError
from ckanext.pg_search.localparams import split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title:cell", None),
        ("{!lucene q.op=OR}red cell", ("lucene", [("type", "lucene"), ("q.op", "OR")], "red cell")),
        ("{!must=cell type=bool}", ("bool", [("must", "cell"), ("type", "bool")], "")),
        ("{!dismax v='a } b'}", ("dismax", [("type", "dismax"), ("v", "a } b")], "a } b")),
        ("{!df=title}cell", ("lucene", [("df", "title")], "cell")),
    ],
)  # fmt: skip
def test_parser_parameters_and_query_are_told_apart(text: str, expected: object) -> None:
    assert split(text) == expected


@pytest.mark.parametrize("text", ["{!bool must=cell", "{!bool must='cell}", "{!=}"])
def test_a_bracket_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(QueryNotUnderstoodError):
        split(text)
