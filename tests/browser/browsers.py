"""The system's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class MissingBrowserError(Exception):
    """There is no Chromium on this machine."""


def program() -> str:
    """Path of the browser.

    Raises
    ------
    MissingBrowserError
        If there is none.
    """
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    raise MissingBrowserError("There is no Chromium. Install it (Debian: apt install chromium).")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser for as long as the context."""
    from playwright.sync_api import sync_playwright

    path = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()
