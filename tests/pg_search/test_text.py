"""The words of a text."""

from __future__ import annotations

import pytest

from ckanext.pg_search.text import MAX_WORD, fold, normalise, words

CHECKSUM = "c5ba3e05" * 8
UUID = "550e8400-e29b-41d4-a716-446655440000"


def terms(text: str, *, joined: bool = False) -> set[str]:
    return {word.term for word in words(text, joined=joined)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Red Blood-Cells", {"red", "blood", "cells"}),
        ("M001_data.rtdc", {"m", "001", "data", "rtdc"}),
        ("fluorescenceMarker", {"fluorescence", "marker"}),
        ("the cell's nucleus", {"the", "cell", "nucleus"}),
        ("Müller-Straße", {"muller", "strasse"}),
        ("0.04 µl/s", {"0", "04", "μl", "s"}),
        ("my", {"my"}),
        ("--- *** !", set()),
        ("細胞", {"細胞"}),
    ],
)
def test_text_is_split_into_folded_words(text: str, expected: set[str]) -> None:
    assert terms(text) == expected


def test_index_has_split_words_in_one_piece_too() -> None:
    assert terms("DCOR-Aid", joined=True) == {"dcor", "aid", "dcoraid"}
    assert terms("2020-01-31", joined=True) == {"2020", "01", "31", "20200131"}
    assert terms("AF488", joined=True) == {"af", "488"}


@pytest.mark.parametrize("identifier", [CHECKSUM, UUID])
def test_checksums_and_uuids_stay_whole(identifier: str) -> None:
    assert terms(f"https://example.org/{identifier.upper()}/x") >= {identifier, "https", "x"}
    assert terms(identifier, joined=True) == {identifier}


def test_positions_count_words_so_phrases_can_be_found() -> None:
    found = {word.term: word.position for word in words("wi-fi network", joined=True)}
    assert found == {"wi": 0, "wifi": 0, "fi": 1, "network": 2}


def test_long_words_are_cut_alike_in_index_and_query() -> None:
    long = "z" * 5000
    assert terms(long) == terms(long, joined=True) == {"z" * MAX_WORD} == {normalise(long)}


def test_folding_keeps_case() -> None:
    assert fold("Ångström") == "Angstrom"
