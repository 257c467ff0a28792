"""The page of the documentation that shows the policy; a test fails when it is out of date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.dcor_schemas import policy
from ckanext.dcor_schemas.policy import Right, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The page, in a checkout.
PAGE: Path = Path(__file__).parents[3] / "docs" / "policy.md"
_HEAD = """\
# Who may do what

Written by `python -m ckanext.dcor_schemas.policy` from the table in `policy.py`; do not edit.
Auth functions, validators and forms are made from the same table.

A sysadmin may do everything that is not impossible. One person may have several roles.
"""


def render() -> str:
    """Text of the page."""
    parts = (_HEAD, _rights(), _dataset_table(), _resource_keys(), _site_actions())
    return "\n".join(parts)


def write() -> None:
    """Write the page into the checkout."""
    PAGE.write_text(render(), encoding="utf-8")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _rights() -> str:
    rows = [
        (
            str(right),
            ", ".join(role for role in Role if role in policy.HOLDERS[right]) or "nobody else",
        )
        for right in Right
    ]
    return "## Rights\n\n" + _table(("right", "held by"), rows)


def _dataset_table() -> str:
    rows = [
        (
            str(row.action),
            ", ".join(f"`{name}`" if name != "*" else "all other fields" for name in row.fields),
            str(row.draft),
            str(row.active),
            str(row.deleted),
            row.note,
        )
        for row in policy.TABLE
    ]
    head = ("what", "fields", "draft", "active", "deleted", "besides")
    return "## Datasets: the right that is needed, by state\n\n" + _table(head, rows)


def _resource_keys() -> str:
    rows = [
        ("at registration", policy.REGISTRATION_KEYS | policy.DESCRIPTIVE_KEYS),
        ("later, in a draft", policy.DESCRIPTIVE_KEYS),
    ]
    listed = [(when, ", ".join(f"`{k}`" for k in (*sorted(keys), "sp:*"))) for when, keys in rows]
    return "## Resources: what people may say\n\n" + _table(("when", "keys"), listed)


def _site_actions() -> str:
    rows = [
        (f"`{name}`", "everybody, or users only (`allow_content_listing_for_anon`)")
        for name in policy.LISTING_ACTIONS
    ]
    rows += [(f"`{name}`", "sysadmins") for name in policy.SYSADMIN_ACTIONS]
    return "## Other actions\n\n" + _table(("action", "for"), rows)
