"""The name of a dataset follows from its title."""

import itertools

import pytest

from ckanext.dcor_schemas.slug import candidates

RANDOM = "0123456789abcdef0123456789abcdef"


def first(title, random=RANDOM, taken=()):
    return next(name for name in candidates(title, random, 2, 100) if name not in taken)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A Title of 2 Words", "a-title-of-2-words"),
        ("Zellgröße µ", "zellgrosse-m"),
        ("z", "z-0"),
        ("", "01"),
        ("µ!?", "m-0"),
        ("new", "new-0"),
        ("Edit", "edit-0"),
        ("search", "search-0"),
    ],
)
def test_a_free_name_is_the_slug_of_the_title(title, name):
    assert first(title) == name


def test_taken_names_get_one_random_character_more_each_time():
    taken = {"existing-name", *(f"existing-name-{digit}" for digit in "0123456789abcdef")}
    assert first("existing name", taken=taken) == "existing-name-12"


def test_an_empty_title_gets_random_characters_only():
    assert list(itertools.islice(candidates("", RANDOM, 2, 100), 4)) == ["01", "01", "012", "0123"]


def test_long_titles_are_cut():
    names = list(candidates("a" * 500, RANDOM, 2, 100))
    assert len(names[0]) == 92
    assert all(2 <= len(name) <= 100 for name in names)
    assert len(names) == len(RANDOM)


def test_no_candidate_is_a_page_of_the_site():
    for title in ("edit", "new", "search", ""):
        assert not {"edit", "new", "search"} & set(candidates(title, RANDOM, 2, 100))
