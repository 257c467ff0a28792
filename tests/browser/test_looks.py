"""The pages on paper: accessibility by axe, and pictures for people below var/screenshots."""

from __future__ import annotations

import pytest

from .markup import CHECKOUT
from .synthetic import Synthetic

_AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(
one => [one.impact, one.id, one.nodes.map(node => node.html).slice(0, 3)]))"""
_PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
_DESK = {"viewport": {"width": 1280, "height": 1000}}


def _serious(opened) -> list[str]:
    # In a world of its own, where the page's policy does not matter.
    session = opened.page.context.new_cdp_session(opened.page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
    session.send("Runtime.evaluate", {"expression": _AXE.read_text("utf-8"), "contextId": world})
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": _RUN,
            "contextId": world,
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    found = answer["result"]["value"]
    return [
        f"{impact} {rule}: {nodes}"
        for impact, rule, nodes in found
        if impact in {"serious", "critical"}
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desk", "phone"])
def test_the_viewer_is_accessible(look, served_site, theme: str, device: str) -> None:
    size = _PHONE if device == "phone" else _DESK
    selected = "/page#view:e=30&sel=area_um:deform:30,0.05;100,0.05;100,0.2;30,0.2"
    opened = look(served_site(theme=theme), path=selected, **size)
    opened.find(".dcv-more").scroll_into_view_if_needed()
    opened.find(".dcv-more .dcv-tile[data-drawn]").first.wait_for()
    opened.find(".dcv-picture").wait_for()
    opened.says(".dcv-selection", "Mean")
    opened.screenshot(f"viewer-{device}-{theme}")
    assert _serious(opened) == []
    assert opened.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_logs_and_tables_are_accessible(look, served_site, theme: str) -> None:
    opened = look(served_site(theme=theme), path="/logs", ready=False)
    opened.wait_for_logs()
    for block in opened.find(".dcv-log > summary").all():
        block.click()
    opened.find(".dcv-log tbody td").first.wait_for()
    opened.screenshot(f"logs-{theme}")
    assert _serious(opened) == []


def test_a_page_without_theme_stays_light_for_everybody(look) -> None:
    opened = look(color_scheme="dark")
    surface = "() => getComputedStyle(document.getElementById('dc-view')).backgroundColor"
    assert opened.page.evaluate(surface) == "rgb(255, 255, 255)"


def test_an_open_list_and_the_statistics_are_accessible(look) -> None:
    opened = look()
    opened.page.get_by_role("tab", name="Statistics").click()
    opened.find(".dcv-more .dcv-statistics").wait_for()
    opened.page.get_by_role("combobox", name="Colour", exact=True).click()
    opened.screenshot("viewer-list")
    assert _serious(opened) == []


def test_many_events_for_people_to_look_at(look, served_site) -> None:
    opened = look(served_site(measurement=Synthetic(events=100_000, sampled=20_000)))
    opened.choose("Colour", "fl-1 max")
    opened.says(".dcv-colourbar", "FL-1 maximum")
    opened.screenshot("viewer-many-events")
