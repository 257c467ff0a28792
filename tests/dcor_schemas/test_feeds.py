"""Entries of feeds: always with a title, and nothing that XML does not take."""

from __future__ import annotations

from ckanext.dcor_schemas.feeds import item_fields

_KNOWN = {"id": "i", "name": "a-name", "title": "A title", "authors": "Peter Pan"}


def test_an_entry_has_title_and_authors():
    assert item_fields(_KNOWN) == {
        "field_title": "A title",
        "field_author": {"name": "Peter Pan"},
    }


def test_without_a_title_the_name_stands_for_it():
    for title in ("", None, "\x01\x02"):
        assert item_fields(_KNOWN | {"title": title})["field_title"] == "a-name"


def test_control_characters_are_left_out():
    fields = item_fields(_KNOWN | {"title": "A\x0b title", "authors": "\x1b"})
    assert fields == {"field_title": "A title"}
