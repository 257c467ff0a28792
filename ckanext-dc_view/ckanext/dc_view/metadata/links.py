"""Where to read more about a value on this site."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ckanext.dc_view.metadata.sections import Row, Section

_SETUP = ("setup", "identifier")


def with_searches(sections: Iterable[Section], search: Callable[[str], str]) -> list[Section]:
    """The sections, in which the setup leads to all that was measured with it.

    Parameters
    ----------
    sections
        What is known of a measurement.
    search
        Gives the address of a search for a text.
    """
    return [
        replace(section, rows=tuple(_row(section.section, row, search) for row in section.rows))
        for section in sections
    ]


def _row(section: str, row: Row, search: Callable[[str], str]) -> Row:
    wanted = row.text.replace('"', " ").strip()
    if (section, row.key) != _SETUP or not wanted:
        return row
    return replace(row, href=search(f'"{wanted}"'))
