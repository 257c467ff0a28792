"""What free text finds, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Index


@pytest.fixture
def cells(index: Index) -> Index:
    index.add("in-notes", title="Something else", notes="deals with neutrophils at length")
    index.add("in-title", title="Neutrophils", notes="short")
    index.add("in-tags", title="Something", tags=["neutrophils"])
    index.add("in-resource", title="Something", res_description=["neutrophil"])
    index.add("unrelated", title="Red blood cells", notes="erythrocytes")
    return index


def test_title_counts_most_then_tags_then_notes(cells: Index) -> None:
    assert cells.typed("neutrophil") == ["in-title", "in-tags", "in-notes", "in-resource"]


def test_weights_of_the_caller_change_the_order(cells: Index) -> None:
    assert cells.typed("neutrophil", qf="title tags^9 text^0.1")[0] == "in-tags"


def test_boosts_of_the_caller_change_the_order(index: Index) -> None:
    index.add("a", title="red")
    index.add("b", title="blue")
    assert index.names("title:red^3 OR title:blue", sort="score desc") == ["a", "b"]
    assert index.names("title:red OR title:blue^3", sort="score desc") == ["b", "a"]


def test_only_the_fields_of_the_caller_are_searched(cells: Index) -> None:
    assert cells.typed("neutrophil", qf="title notes") == ["in-title", "in-notes"]
    assert cells.typed("neutrophils", qf="tags") == ["in-tags"]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("red blood", True),
        ("red ghost", False),  # two words: both
        ("red blood ghost", True),  # three: one may be missing
        ("red ghost spirit", False),
        ("red +ghost blood", False),
        ("red -blood", False),
        ("red AND blood", True),
        ("red NOT erythrocytes", False),
        ('"blood cells"', True),
        ('"cells blood"', False),
        ("RED, (blood)!", True),
        ("*", True),
        ("???", False),
        ("one two three four five six seven eight nine ten eleven", False),
        ("red blood cells erythrocytes redden one two three four five six", False),
    ],
)
def test_most_words_must_be_found(cells: Index, text: str, *, is_found: bool) -> None:
    assert ("unrelated" in cells.typed(text)) is is_found


def test_a_long_text_finds_what_has_most_of_it(index: Index) -> None:
    wanted = [f"w{letter}x" for letter in "abcdefghijklmnopqrst"]
    index.add("most", title=" ".join(wanted[:17]))
    index.add("some", title=" ".join(wanted[:15]))
    assert index.typed(" ".join(wanted)) == ["most"]


def test_edismax_reads_fields_and_falls_back_to_text(cells: Index) -> None:
    assert cells.typed("title:neutrophils OR title:red", defType="edismax") == [
        "in-title", "unrelated"
    ]  # fmt: skip
    assert cells.typed("neutrophil (", defType="edismax")[0] == "in-title"
    assert cells.typed("red blood ghost", defType="edismax") == ["unrelated"]


def test_default_operator_can_be_or(cells: Index) -> None:
    assert cells.names("{!lucene q.op=OR}neutrophils erythrocytes -title:something") == [
        "in-title", "unrelated"
    ]  # fmt: skip
    assert cells.names("{!lucene q.op=OR}+erythrocytes neutrophils") == ["unrelated"]


def test_the_bool_parser_combines_queries(cells: Index) -> None:
    assert cells.names("{!bool must=neutrophil must_not=title:something}") == ["in-title"]
    assert cells.names("{!bool should=title:red should=title:neutrophils}") == [
        "in-title", "unrelated"
    ]  # fmt: skip
