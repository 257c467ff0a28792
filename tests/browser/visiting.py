"""Visitors of the site: what they open, and what goes wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .markup import CHECKOUT
from .pages import SCREENSHOTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

    from tests.harness.served import Served

AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
_SERIOUS = {"serious", "critical"}
#: The browser says so itself when a request fails; that is noted with its address.
_OF_THE_BROWSER = "Failed to load resource"


@dataclass
class Visitor:
    """Somebody who looks around.

    Attributes
    ----------
    context, page
        The browser.
    served
        The site.
    name
        Whose browser it is; empty for a visitor without an account.
    problems
        What went wrong since the last :meth:`take`.
    """

    context: BrowserContext
    page: Page
    served: Served
    name: str = ""
    problems: list[str] = field(default_factory=list)

    @classmethod
    def arrive(cls, browser: Browser, served: Served, **context: Any) -> Visitor:
        """Open a browser."""
        made = browser.new_context(**({"viewport": {"width": 1280, "height": 1000}} | context))
        self = cls(made, made.new_page(), served)
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", self._hear)
        self.page.on("response", self._check)
        return self

    def sign_in(self, name: str, password: str) -> None:
        """Fill in the form for signing in."""
        self.name = name
        self.page.goto(f"{self.served.url}/user/login")
        self.page.fill("#field-login", name)
        self.page.fill("#field-password", password)
        self.page.get_by_role("button", name="Login").click()
        self.page.wait_for_url(lambda url: "/user/login" not in url)

    def open(self, path: str) -> None:
        """Open a page, of ``{me}`` perhaps, and wait until it has loaded everything."""
        self.page.goto(self.served.url + path.format(me=self.name), wait_until="networkidle")

    def take(self) -> list[str]:
        """The problems so far; they are forgotten."""
        found, self.problems = self.problems, []
        return found

    def barriers(self) -> list[str]:
        """What seriously bars people who cannot see or point, as axe finds it."""
        self.page.evaluate(AXE.read_text("utf-8"))
        # Left to CKAN: facets are read out as what they do instead of what they say, and its
        # field for tags, which only sysadmins see, has no name.
        left = "{exclude: ['.filters', '.select2-container']}"
        found = self.page.evaluate(f"axe.run({left}, {{resultTypes: ['violations']}})")
        return [
            f"{one['id']}: {node['html']}"
            for one in found["violations"]
            if one["impact"] in _SERIOUS
            for node in one["nodes"]
        ]

    def too_wide(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(
            self.page.evaluate(
                "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def links(self) -> set[str]:
        """Paths of the site that the page links to."""
        found = self.page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
        base = self.served.url
        return {url.removeprefix(base).partition("#")[0] for url in found if url.startswith(base)}

    def picture(self, name: str) -> None:
        """Leave a picture for people."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"site-{name}.png", full_page=True)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_OF_THE_BROWSER):
            self.problems.append(f"console: {message.text}")

    def _check(self, answer: Response) -> None:
        if answer.status >= 400:
            self.problems.append(f"{answer.status}: {answer.request.method} {answer.url}")
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        if is_page and answer.ok and "content-security-policy" not in answer.headers:
            self.problems.append(f"no policy: {answer.url}")
