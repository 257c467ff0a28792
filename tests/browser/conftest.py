"""A browser, and pages of the little site in `site.py`."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from . import browsers
from .instance import datasets, visit  # noqa: F401 - fixtures
from .markup import ASSETS
from .pages import Opened
from .site import Site, serving
from .synthetic import Synthetic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser; Playwright's event loop runs only as long as these tests."""
    if not (ASSETS / "build" / "viewer.js").exists():
        pytest.fail("The scripts are not built: make assets")
    try:
        browsers.program()
    except browsers.MissingBrowserError as error:
        pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))
    with browsers.launched() as browser:
        yield browser


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
