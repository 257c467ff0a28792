"""PostgreSQL's notation of vectors and queries."""

from __future__ import annotations

from ckanext.pg_search import vectors
from ckanext.pg_search.text import Word, words
from ckanext.pg_search.vectors import MAX_BYTES, VectorBuilder


def test_words_have_places_and_classes() -> None:
    builder = VectorBuilder()
    builder.add(words("red cell"), weight="A")
    builder.add(words("cell"))
    assert str(builder) == "'red':1A 'cell':2A,4D"


def test_a_gap_between_values_keeps_phrases_apart() -> None:
    assert vectors.phrase(words("red cell")) == "'red' <1> 'cell'"


def test_quotes_and_backslashes_are_only_text() -> None:
    assert vectors.quote("it's \\ 'x':*") == "'it''s \\\\ ''x'':*'"
    assert vectors.starting_with("o'", "title=") == "'title=o''':*"


def test_a_vector_stays_below_the_limit_of_postgresql() -> None:
    builder = VectorBuilder()
    builder.add(Word(f"word{number}", number) for number in range(200_000))
    assert len(str(builder).encode()) < 2 * MAX_BYTES
    assert str(builder).startswith("'word0':1D")
