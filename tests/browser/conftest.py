"""A browser, and pages of the little site in `site.py`."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from .markup import ASSETS
from .pages import Opened
from .site import Site, serving
from .synthetic import Synthetic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; Playwright's event loop runs only as long as these tests."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        missing = "There is no Chromium. Install it (Debian: apt-get install chromium)."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    if not (ASSETS / "build" / "viewer.js").exists():
        pytest.fail("The scripts are not built: make assets")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def measurement() -> Synthetic:
    """A small measurement."""
    return Synthetic()


@pytest.fixture
def served_site(measurement: Synthetic) -> Iterator[Callable[..., Site]]:
    """Serves sites: ``served_site(measurement=…, state=…)``."""
    with ExitStack() as stack:

        def serve(**given: Any) -> Site:
            return stack.enter_context(serving(Site(**({"measurement": measurement} | given))))

        yield serve


@pytest.fixture
def look(chromium: Browser, served_site: Callable[..., Site]) -> Iterator[Callable[..., Opened]]:
    """Opens the page of a site in a browser: ``look(site, hash="#view:…", **context)``.

    Whatever the page complains about fails the test.
    """
    complaints: list[str] = []
    with ExitStack() as stack:

        def open_page(
            site: Site | None = None, *, path: str = "/page", ready: bool = True, **context: Any
        ) -> Opened:
            size = {"viewport": {"width": 1280, "height": 1000}}
            made = chromium.new_context(**(size | context))
            stack.callback(made.close)
            opened = Opened(made.new_page(), site or served_site(), complaints)
            opened.go(path, ready=ready)
            return opened

        yield open_page
    assert complaints == []
