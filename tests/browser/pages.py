"""The resource page in a browser, in words of its reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .markup import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import ConsoleMessage, Locator, Page

    from .site import Site

SCREENSHOTS = CHECKOUT / "var" / "screenshots"
#: The browser says so itself when a request fails; the tests look at what the page says.
_OF_THE_BROWSER = "Failed to load resource"


@dataclass
class Opened:
    """A page that is open in a browser.

    Attributes
    ----------
    page
        The page as Playwright knows it.
    site
        Where it comes from.
    complaints
        Errors of scripts, and everything that the content security policy has stopped.
    """

    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.page.set_default_timeout(20_000)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_OF_THE_BROWSER):
            self.complaints.append(message.text)

    def go(self, path: str, *, ready: bool = True) -> None:
        """Load a page; with `ready` wait for the first plot."""
        self.page.goto(self.site.url + path)
        if ready:
            self.page.wait_for_selector(".dcv-explorer[data-ready]")

    def find(self, selector: str) -> Locator:
        """An element."""
        return self.page.locator(selector)

    def wait_for_logs(self) -> None:
        """Wait until all lists of the page with logs and tables are there."""
        from playwright.sync_api import expect

        self.find(".dcv-log").first.wait_for()
        expect(self.find("#dc-log-view [aria-busy]")).to_have_count(0)

    def says(self, selector: str, text: str) -> None:
        """Wait until an element says `text`."""
        from playwright.sync_api import expect

        expect(self.find(selector).first).to_contain_text(text, timeout=20_000)

    def status(self) -> str:
        """The line below the plot."""
        return self.find(".dcv-status").inner_text()

    def choose(self, label: str, wanted: str) -> None:
        """Choose from a search box by typing."""
        field = self.page.get_by_role("combobox", name=label, exact=True)
        field.click()
        field.fill(wanted)
        field.press("Enter")

    def tool(self, name: str) -> None:
        """Take one of the tools of the plot."""
        self.find(f"button[data-tool={name}]").click()

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Place on the page of a share (0 … 1) of the plot area."""
        area = self.find(".dcv-plot .u-over")
        area.scroll_into_view_if_needed()
        box = area.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def click_plot(self, x: float, y: float) -> None:
        """Click in the plot; shares of the plot area."""
        self.page.mouse.click(*self.place(x, y))

    def drag(self, *places: tuple[float, float]) -> None:
        """Drag through places of the plot; shares of the plot area."""
        points = [self.place(*place) for place in places]
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point, steps=4)
        self.page.mouse.up()

    def address(self, part: str) -> None:
        """Wait until the address contains `part`."""
        self.page.wait_for_url(lambda url: part in url)

    def saved(self, act: Callable[[], Any]) -> tuple[str, bytes]:
        """Name and content of the file that `act` makes the page hand out."""
        with self.page.expect_download() as download:
            act()
        return download.value.suggested_filename, Path(download.value.path()).read_bytes()

    def save_plot(self, kind: str) -> tuple[str, bytes]:
        """Save the plot by its menu."""
        self.find(".dcv-menu > summary").click()
        return self.saved(lambda: self.page.get_by_role("button", name=kind).click())

    def screenshot(self, name: str) -> None:
        """Leave a picture for people."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
