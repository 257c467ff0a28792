"""The arrows of CKAN's pager get names: a picture of an arrow tells a screen reader nothing."""

from __future__ import annotations

from functools import wraps
from typing import Any

from dominate import tags

from ckan.lib.pagination import Page
from ckan.plugins import toolkit as tk


def name_arrows() -> None:
    """Let every pager say what its arrows do; harmless when it was done before."""
    original = Page.pager
    if hasattr(original, "__wrapped__"):
        return

    @wraps(original)
    def pager(self: Page, *args: Any, **kwargs: Any) -> Any:
        arrows = {
            "symbol_previous": _arrow("left", tk._("Previous page")),
            "symbol_next": _arrow("right", tk._("Next page")),
        }
        return original(self, *args, **(arrows | kwargs))

    Page.pager = pager


def _arrow(direction: str, name: str) -> tags.html_tag:
    return tags.i(cls=f"fa-solid fa-chevron-{direction}", role="img", aria_label=name)
