"""The URL name of a dataset, made from its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slugify import slugify

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Names that are pages of the site.
RESERVED: frozenset[str] = frozenset({"edit", "new", "search"})


def candidates(title: str, random: str, shortest: int, longest: int) -> Iterator[str]:
    """Names for a dataset, best first; take the first one that is free.

    Parameters
    ----------
    title
        Title of the dataset; may be empty.
    random
        Characters that are appended one by one, e.g. 32 random hex digits.
    shortest, longest
        Allowed number of characters.
    """
    from_title = slug = slugify(title)
    for turn, char in enumerate(random):
        slug = _extended(slug, turn, random, from_title=from_title, shortest=shortest)
        if slug in RESERVED:
            slug += f"-{char}" if turn == 0 else char
        slug = _of_right_length(slug, random, char, shortest, longest)
        yield slug


def _extended(slug: str, turn: int, random: str, *, from_title: str, shortest: int) -> str:
    if turn == 0:
        if not slug:
            return random[:shortest]
        return slug if len(slug) >= shortest else f"{slug}-{random[0]}"
    if turn == 1:
        return f"{slug}-{random[1]}" if from_title else slug
    return slug + random[turn]


def _of_right_length(slug: str, random: str, char: str, shortest: int, longest: int) -> str:
    if len(slug) < shortest:
        return slug + random[: shortest - len(slug)]
    if len(slug) > longest:
        return f"{slug[: longest - 10]}-{char}"
    return slug
