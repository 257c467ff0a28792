"""Queries become conditions with bound values, or are refused with a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.dialects import postgresql

from ckan.lib.search.common import SearchQueryError

from ckanext.pg_search.errors import (
    NotSupportedError,
    QueryNotUnderstoodError,
    QueryTooLargeError,
    SortNotUnderstoodError,
)
from ckanext.pg_search.limits import MAX_DEPTH, MAX_LENGTH, Budget
from ckanext.pg_search.query import QueryReader
from ckanext.pg_search.sorting import order_by
from ckanext.pg_search.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOW = datetime(2026, 3, 31, tzinfo=UTC)


def unstemmed(words: Iterable[str]) -> Mapping[str, str]:
    return {word: word for word in words}


def sql(q: str, **params: object) -> tuple[str, list[object]]:
    """Return the SQL of a query and the values bound to it."""
    terms = Terms(unstemmed, NOW, Budget(100))
    condition = QueryReader(params, terms).matches(q).condition
    compiled = condition.compile(dialect=postgresql.dialect())
    return str(compiled), list(compiled.params.values())


HOSTILE = "x'; DROP TABLE package; --"


@pytest.mark.parametrize(
    "q",
    [
        f'name:"{HOSTILE}"',
        f'title:"{HOSTILE}"',
        f'unknown_field:"{HOSTILE}"',
        f'organization:("{HOSTILE}" OR "y")',
        f'notes:["{HOSTILE}" TO *]',
        "name:x\\'\\;\\ DROP*",
        "na\\'me\\;DROP\\ x:y",
        "na\\'me\\;DROP\\ x:[a TO b]",
        "dcnum_\\'DROP:[1 TO 2]",
        "x_ngram:DROP name_ngram:DROP",
    ],
)
def test_nothing_of_a_query_becomes_sql(q: str) -> None:
    text, values = sql(q)
    assert "DROP" not in text.upper()
    assert any("DROP" in str(value).upper() for value in values)


def test_alternatives_of_one_field_are_one_condition() -> None:
    text, values = sql('permission_labels:("public" OR "member-1" OR "member-2")')
    assert text.count("&&") == 1
    assert ["public", "member-1", "member-2"] in values


@pytest.mark.parametrize(
    "q",
    [
        "title:cell~2", 'title:"red cell"~3', "title:/ce.*/", "metadata_modified:2020*",
        "dcnum_area:1?0", "text:[a TO b]", "{!knn f=v}cell", "{!lucene}{!func}x", "{!func}1",
    ],
)  # fmt: skip
def test_what_is_not_supported_is_refused_by_name(q: str) -> None:
    with pytest.raises(NotSupportedError):
        sql(q)


@pytest.mark.parametrize("params", [{"bf": "recip(ord(x),1,2,3)"}, {"boost": "2"}])
def test_functions_are_refused(params: dict[str, str]) -> None:
    with pytest.raises(NotSupportedError):
        sql("cell", **params)


@pytest.mark.parametrize(
    "q",
    [
        "x" * 201 + ":a", "title:(red", "title:", "(", "name:a AND",
        "[a TO", 'title:"open', "a:b:c", "\\",
        "dcnum_area:large", "dcnum_area:[1_0 TO 2]", "dcnum_area:nan",
        "metadata_modified:[2020 TO NOW]", "name:a\x00b", "name:\ud800",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(q: str) -> None:
    with pytest.raises(QueryNotUnderstoodError):
        sql(q)


@pytest.mark.parametrize(
    "q",
    [
        "(" * (MAX_DEPTH + 2) + "a:b" + ")" * (MAX_DEPTH + 2),
        " ".join(["a:b"] * 101),
        "a:(" + " OR ".join(["b"] * 101) + ")",
        "x" * (MAX_LENGTH + 1),
    ],
)
def test_what_is_too_large_is_refused(q: str) -> None:
    with pytest.raises(QueryTooLargeError):
        sql(q)


def test_every_refusal_is_an_error_that_ckan_answers_with_400() -> None:
    for error in (NotSupportedError, QueryNotUnderstoodError, QueryTooLargeError):
        assert issubclass(error, SearchQueryError)


@pytest.mark.parametrize(
    "q", ["cell", "(", "cell )", 'a "b', "++", "!@#$%^&*(){}[]", "cell:", "\\"]
)
def test_free_text_has_no_wrong_syntax(q: str) -> None:
    for parser in ("dismax", "edismax"):
        sql(q, defType=parser, mm="2<-1 5<80%")


@pytest.mark.parametrize("sort", ["name", "name sideways", "sum(a,b) asc", "a asc;b asc", "a asc,"])
def test_a_wrong_sort_order_has_the_text_that_ckan_knows(sort: str) -> None:
    with pytest.raises(SortNotUnderstoodError, match="Can't determine a Sort Order"):
        order_by(sort, None)
