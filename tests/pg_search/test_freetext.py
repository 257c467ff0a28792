"""What is typed into the search box."""

from __future__ import annotations

import pytest

from ckanext.pg_search.freetext import Clause, clauses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red cell", [Clause("red"), Clause("cell")]),
        ('"red cell" +rtdc -beads', [
            Clause("red cell", is_phrase=True), Clause("rtdc", sign="+"), Clause("beads", sign="-"),
        ]),
        ("red AND cell", [Clause("red", sign="+"), Clause("cell", sign="+")]),
        ("red OR cell", [Clause("red"), Clause("cell")]),
        ("red NOT cell", [Clause("red"), Clause("cell", sign="-")]),
        ("--cell", [Clause("cell", sign="-")]),
        ('5" chip', [Clause("5"), Clause("chip")]),
        ("cell & (tissue) ??? {x}", [Clause("cell"), Clause("(tissue)"), Clause("{x}")]),
        ("AND", []),
    ],
)  # fmt: skip
def test_quotes_signs_and_operators_are_all_that_has_a_meaning(
    text: str, expected: list[Clause]
) -> None:
    assert clauses(text) == expected
