"""The draft editor without a pointer, on any screen, under the strictest policy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.markup import CHECKOUT

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.browser.drafting import Drafting

AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"


def test_the_keyboard_is_enough(drafting, served, researcher, measurements):
    served.call("organization_create", researcher, name=f"c-{researcher.name}")
    # The dialog of the browser itself can only be answered if it is the old one.
    drafting.page.add_init_script("delete window.showOpenFilePicker")
    # From now on the browser hands its dialogs over. To begin with that takes a moment, and a key
    # that is pressed right then opens the dialog of the browser itself, with a policy or without.
    drafting.page.on("filechooser", lambda _: None)
    drafting.open_new()
    keyboard = drafting.page.keyboard
    drafting.page.locator("#dcor-title").focus()
    keyboard.type("Only keys")
    keyboard.press("Tab")
    keyboard.type("Peter Pan")
    for _ in range(3):
        keyboard.press("Tab")
        if drafting.page.evaluate("document.activeElement.id") == "dcor-license_id":
            break
    keyboard.type("Creative Commons Attribution 4")
    drafting.page.locator("#dcor-create").focus()
    keyboard.press("Enter")
    expect(drafting.find("#files-title")).to_be_focused()
    keyboard.press("Tab")
    expect(drafting.find("#dcor-choose")).to_be_focused()
    with drafting.page.expect_file_chooser() as chooser:
        keyboard.press("Enter")
    chooser.value.set_files(str(measurements[1]))
    drafting.expect_checked("second.rtdc")
    remove = drafting.file("second.rtdc").get_by_role("button", name="Remove")
    remove.focus()
    keyboard.press("Enter")
    expect(drafting.find("dialog").get_by_role("button", name="Keep")).to_be_focused()
    keyboard.press("Escape")
    expect(drafting.find("dialog")).to_have_count(0)
    expect(remove).to_be_focused()
    drafting.find("#dcor-publish").focus()
    keyboard.press("Enter")
    drafting.find("dialog").get_by_role("button", name="Publish dataset").focus()
    keyboard.press("Enter")
    drafting.page.wait_for_url(re.compile(r"/dataset/only-keys"))


@pytest.mark.parametrize(
    ("width", "theme"), [(360, "light"), (390, "dark"), (768, "light"), (1280, "dark")]
)
def test_everybody_can_use_it(at_work, draft, measurements, width, theme):
    drafting = at_work(viewport={"width": width, "height": 800})
    drafting.use_theme(theme)
    for path in (None, draft["id"]):
        drafting.open(path) if path else drafting.open_new()
        if path:
            drafting.choose(measurements[1])
            drafting.expect_checked("second.rtdc")
            row = drafting.file("second.rtdc")
            row.get_by_text("Description and experimental details").click()
        drafting.picture(f"{width}-{theme}-{'draft' if path else 'new'}")
        assert barriers(drafting) == []
        assert too_wide(drafting) == []


def too_wide(drafting: Drafting) -> list[str]:
    """What sticks out of the editor; CKAN's own frame is some pixels wider than a phone."""
    return drafting.find("#dcor-editor").evaluate(
        """editor => [...editor.querySelectorAll("*")]
            .filter(one => one.getBoundingClientRect().right > editor.getBoundingClientRect().right)
            .map(one => one.outerHTML.slice(0, 200))"""
    )


def barriers(drafting: Drafting) -> list[str]:
    """What axe finds wrong with the editor for people who cannot see or point."""
    drafting.page.evaluate(AXE.read_text("utf-8"))
    found = drafting.page.evaluate("axe.run('#dcor-editor', {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


def test_the_strictest_policy_is_enough(drafting, draft, served, measurements):
    policy = (
        "default-src 'none'; script-src 'self'; worker-src 'self'; img-src 'self' data:;"
        " style-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
        f" connect-src 'self' {served.s3_endpoint}"
    )

    def answer(route: Route) -> None:
        found = route.fetch()
        headers = found.headers | {"content-security-policy": policy}
        route.fulfill(response=found, headers=headers)

    # Chromium does not know where an answer that was changed on its way comes from.
    drafting.context.grant_permissions(["local-network-access"])
    drafting.page.route("**/dataset/draft/*", answer)
    drafting.open(draft["id"])
    drafting.choose(measurements[1])
    drafting.expect_files(["second.rtdc"])
