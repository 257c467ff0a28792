"""The draft editor in a browser, in words of the people who use it."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.harness.people import Person

from .pages import SCREENSHOTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

    from tests.harness.served import Served

PASSWORD = "correct-horse-3"
#: Answers that are part of the game are no complaints: the browser says so for each of them.
_OF_THE_BROWSER = ("Failed to load resource", "[DOM] Input elements should have autocomplete")
_PATIENCE = 90_000


def sign_up(served: Served) -> Person:
    """A new user, who can sign in with :data:`PASSWORD`."""
    name = f"b{uuid.uuid4().hex[:10]}"
    given = {"name": name, "email": f"{name}@example.org", "password": PASSWORD}
    user = served.call("user_create", served.admin, **given)
    token = served.call("api_token_create", served.admin, user=name, name="test")["token"]
    return Person(user["id"], name, token)


@dataclass
class Drafting:
    """Somebody at the draft editor.

    Attributes
    ----------
    context, page
        The browser.
    served, person
        The site and who is at work.
    complaints
        Errors of scripts, and everything that a content security policy has stopped.
    """

    context: BrowserContext
    page: Page
    served: Served
    person: Person
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, browser: Browser, served: Served, person: Person, **context: Any) -> Drafting:
        """Open a browser and sign in."""
        made = browser.new_context(**({"viewport": {"width": 1280, "height": 1000}} | context))
        self = cls(made, made.new_page(), served, person)
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        # Leaving a page with unfinished uploads is asked for twice.
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.sign_in()
        return self

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_OF_THE_BROWSER):
            self.complaints.append(message.text)

    def sign_in(self, page: Page | None = None) -> None:
        """Fill in the form for signing in."""
        page = page or self.page
        page.goto(f"{self.served.url}/user/login")
        page.fill("#field-login", self.person.name)
        page.fill("#field-password", PASSWORD)
        page.get_by_role("button", name="Login").click()
        expect(page).not_to_have_url(re.compile("/user/login"))

    # The draft

    def open_new(self) -> None:
        """Open the editor for a new dataset."""
        self.page.goto(f"{self.served.url}/dataset/draft/new")
        self.wait_until_loaded()

    def open(self, dataset_id: str) -> None:
        """Open the editor for a draft."""
        self.page.goto(f"{self.served.url}/dataset/draft/{dataset_id}")
        self.wait_until_loaded()

    def reload(self) -> None:
        """Load the page again, whatever is going on."""
        self.page.reload()
        self.wait_until_loaded()

    def wait_until_loaded(self) -> None:
        """Wait until the editor can be used."""
        expect(self.find("#dcor-editor")).to_have_attribute("data-ready", "true")

    def make_circle(self, title: str) -> None:
        """Make a circle on the page."""
        self.page.fill("#dcor-new-circle", title)
        self.find(".dcor-make-circle button").click()
        expect(self.find("#dcor-owner_org option", has_text=title)).to_be_attached()

    def fill(self, **fields: str) -> None:
        """Type into fields of the description."""
        for name, value in fields.items():
            self.page.fill(f"#dcor-{name}", value)

    def create(self) -> str:
        """Make the draft; its id."""
        self.page.click("#dcor-create")
        self.page.wait_for_url(re.compile(r"/dataset/draft/[0-9a-f-]{36}$"))
        return self.page.url.rpartition("/")[2]

    def expect_saved(self) -> None:
        """Wait until everything is on the site."""
        expect(self.find("#dcor-save-state")).to_have_attribute(
            "data-state", "saved", timeout=20_000
        )

    # Files

    def choose(self, *paths: Path) -> None:
        """Choose files for the upload."""
        self.page.set_input_files("#dcor-file-input", [str(path) for path in paths])

    def file(self, name: str) -> Locator:
        """The row of a file, on its way or in the dataset."""
        return self.find("#dcor-file-list > li").filter(has=self.page.get_by_text(name, exact=True))

    def expect_files(self, names: Sequence[str]) -> None:
        """Wait until the dataset has these files, in this order."""
        rows = self.find("#dcor-file-list > li[data-resource] .dcor-name")
        expect(rows).to_have_text(list(names), timeout=_PATIENCE)

    def expect_checked(self, name: str) -> None:
        """Wait until the site has found out that a file is a valid measurement."""
        badge = self.file(name).locator(".dcor-badge")
        expect(badge).to_have_text("Valid measurement", timeout=_PATIENCE)

    def expect_progress(self, name: str, least: int) -> None:
        """Wait until so many bytes of a file have been sent."""
        bar = self.file(name).locator("progress").element_handle()
        self.page.wait_for_function("([bar, least]) => bar.value >= least", arg=[bar, least])

    def slow_down(self, bytes_per_second: int = -1) -> None:
        """Let uploads take their time; with no figure as fast as they can."""
        session = self.context.new_cdp_session(self.page)
        conditions = {"offline": False, "latency": 0, "downloadThroughput": -1}
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions", conditions | {"uploadThroughput": bytes_per_second}
        )

    # The end

    def publish(self, choice: str) -> None:
        """Publish the dataset for ``public`` or ``private``, and see its page."""
        self.page.check(f"#dcor-visibility-{choice}")
        self.page.click("#dcor-publish")
        word = "Publish dataset" if choice == "public" else "Activate dataset"
        self.find("dialog").get_by_role("button", name=word).click()
        self.page.wait_for_url(re.compile(r"/dataset/(?!draft/)"))

    # Looks

    def find(self, selector: str, **given: Any) -> Locator:
        """An element."""
        return self.page.locator(selector, **given)

    def use_theme(self, name: str) -> None:
        """Show all pages to come in the theme ``light`` or ``dark``, as a site's theme does it."""
        self.page.add_init_script(
            "addEventListener('DOMContentLoaded', () => {"
            f" document.documentElement.dataset.bsTheme = '{name}'; }});"
        )

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"editor-{name}.png", full_page=True)
