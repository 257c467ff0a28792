"""100 000 events with their images, through the whole instance: which picture is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from .numbered import number_in, write_numbered
from .uploads import upload

if TYPE_CHECKING:
    from tests.harness.served import Served

    from .uploads import Dataset

EVENTS = 100_000
NAME = "numbered.rtdc"


@pytest.fixture(scope="module")
def numbered(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A public dataset with the measurement."""
    path = write_numbered(tmp_path_factory.mktemp("numbered") / NAME, EVENTS)
    return upload(served, [path], private=False)


def _shown(opened, number: int) -> int:
    """Number in the picture of an event, once the page says that it is there."""
    picture = opened.find(".dcv-picture")
    expect(picture).to_have_attribute("aria-label", f"Image of event {number}")
    return number_in(picture)


def _chosen(opened) -> int:
    return int(opened.page.get_by_label("Number of the event").input_value())


def test_clicks_show_the_pictures_of_the_events_that_are_there(visit, numbered) -> None:
    opened = visit(numbered.page(NAME))
    assert "of 100\u202f000 events, grid-downsampled" in opened.status()
    seen = set()
    for place in ((0.3, 0.4), (0.5, 0.5), (0.62, 0.35), (0.45, 0.7), (0.2, 0.55)):
        opened.page.evaluate("() => { location.hash = '#view:' }")
        opened.click_plot(*place)
        opened.address("e=")
        number = _chosen(opened)
        assert _shown(opened, number) == number
        seen.add(number)
    assert len(seen) > 2
    opened.screenshot("large-event")


def test_arrows_and_numbers_lead_to_their_pictures(visit, numbered) -> None:
    opened = visit(f"{numbered.page(NAME)}#view:e=0")
    assert _shown(opened, 0) == 0
    for number in (1, 499, 500, 65_536, EVENTS - 1):
        field = opened.page.get_by_label("Number of the event")
        field.fill(str(number))
        field.press("Enter")
        assert _shown(opened, number) == number
    opened.page.get_by_role("button", name="Previous event").click()
    opened.page.wait_for_function("last => !location.hash.includes(last)", arg=f"{EVENTS - 1}")
    number = _chosen(opened)
    assert _shown(opened, number) == number


def test_the_gallery_leads_to_its_pictures(visit, numbered) -> None:
    opened = visit(numbered.page(NAME))
    opened.find(".dcv-more").scroll_into_view_if_needed()
    opened.page.get_by_label("Order").select_option(label="random")
    tile = opened.find(".dcv-more .dcv-tile[data-drawn]").nth(20)
    tile.wait_for()
    number = int(tile.get_attribute("data-event"))
    tile.click()
    assert _shown(opened, number) == number
