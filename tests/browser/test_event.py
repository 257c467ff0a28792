"""The panel with a single event, and the gallery."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from .synthetic import Synthetic


def test_a_click_shows_image_values_and_traces(look) -> None:
    opened = look()
    opened.click_plot(0.24, 0.5)
    opened.find(".dcv-picture").wait_for()
    number = int(opened.page.get_by_label("Number of the event").input_value())
    area = opened.site.measurement.values["area_um"]
    row = opened.find(
        ".dcv-values tr",
    ).filter(has_text="Area [µm²]")
    assert float(row.locator("td").first.inner_text()) == np.float64(f"{area[number]:.5g}")
    rank = 100 * (area < area[number]).mean()
    assert abs(float(row.locator("td").nth(1).inner_text()) - rank) <= 1
    opened.says(".dcv-picture-frame + p", "250 \u00d7 80 px, 85\u202fµm \u00d7 27.2\u202fµm")
    assert "fl1_raw" in opened.find(".dcv-traces-plot").get_attribute("aria-label")


def test_traces_are_shown_around_the_peaks(look) -> None:
    opened = look(path="/page#view:e=3")
    plot = opened.find(".dcv-traces-plot")
    plot.wait_for()
    assert "; 0 to 563.2 µs" in plot.get_attribute("aria-label")
    opened.page.get_by_label("around the peaks").check()
    values = opened.site.measurement.values
    place, width = (float(values[name][3]) for name in ("fl1_pos", "fl1_width"))
    ends = re.search(r"; ([\d.]+) to ([\d.]+) µs", plot.get_attribute("aria-label"))
    wanted = (place - 1.5 * width, place + 1.5 * width)
    assert [float(end) for end in ends.groups()] == pytest.approx(wanted, rel=1e-3)


def test_pointing_at_a_picture_marks_the_event_in_the_plot(look) -> None:
    opened = look()
    opened.find(".dcv-more").scroll_into_view_if_needed()
    tile = opened.find(".dcv-more .dcv-tile[data-drawn]").nth(5)
    tile.wait_for()
    overlay = opened.find("canvas.dcv-overlay")
    before = overlay.evaluate("canvas => canvas.toDataURL()")
    changed = """([before, same]) =>
        (document.querySelector("canvas.dcv-overlay").toDataURL() === before) === same"""
    tile.hover()
    opened.page.wait_for_function(changed, arg=[before, False])
    opened.find(".dcv-pager").hover()
    opened.page.wait_for_function(changed, arg=[before, True])


def test_the_features_of_the_plot_come_first(look) -> None:
    opened = look(path="/page#view:e=7&y=bright_avg&c=fl1_max")
    opened.says(".dcv-event [role=status]", "Event 7:")
    names = opened.find(".dcv-values tbody th").all_inner_texts()[:3]
    assert names == [
        "Area [µm²]",
        "Brightness average within contour [a.u.]",
        "FL-1 maximum [a.u.]",
    ]


def test_arrows_and_numbers_lead_from_event_to_event(look) -> None:
    opened = look(path="/page#view:e=46")
    opened.says(".dcv-event [role=status]", "Event 46:")
    opened.page.get_by_role("button", name="Next event").click()
    opened.says(".dcv-event [role=status]", "Event 47:")
    field = opened.page.get_by_label("Number of the event")
    field.fill("1199")
    field.press("Enter")
    opened.says(".dcv-event [role=status]", "Event 1199:")
    field.fill("1200")
    field.press("Enter")
    assert field.get_attribute("aria-invalid") == "true"
    opened.address("e=1199")


def test_events_that_were_not_sampled_are_shown_too(look, served_site) -> None:
    made = Synthetic(events=5000, sampled=100)
    stranger = next(event for event in range(5000) if event not in set(made.index.tolist()))
    opened = look(served_site(measurement=made), path=f"/page#view:e={stranger}")
    opened.says(".dcv-event [role=status]", f"Event {stranger}: Area [µm²]")
    opened.find(".dcv-picture").wait_for()


def test_the_image_can_be_looked_at_in_several_ways(look) -> None:
    opened = look(path="/page#view:e=3")
    canvas = opened.find(".dcv-picture")
    canvas.wait_for()
    size = ".dcv-picture-frame + p"
    opened.page.get_by_label("zoom to cell").check()
    assert "250 \u00d7 80 px" not in opened.find(size).inner_text()
    views = opened.page.get_by_label("View", exact=True)
    for name in ("Background corrected", "Background", "Mask", "Image"):
        views.select_option(label=name)
        assert canvas.get_attribute("aria-label") == f"{name} of event 3"
    before = canvas.evaluate("canvas => canvas.toDataURL()")
    opened.page.get_by_label("mask", exact=True).check()
    assert canvas.evaluate("canvas => canvas.toDataURL()") != before


def test_without_images_the_values_are_shown_and_the_reason(look, served_site) -> None:
    opened = look(served_site(measurement=Synthetic(images=False)), path="/page#view:e=3")
    opened.says(".dcv-event-notes", "There are no images.")
    assert not opened.find(".dcv-picture").is_visible()
    opened.says(".dcv-values", "Area [µm²]")
    opened.find(".dcv-more").scroll_into_view_if_needed()
    opened.says(".dcv-more", "There are no images.")


def test_an_event_that_cannot_be_read_leaves_its_values(look, served_site) -> None:
    site = served_site()
    site.state = {"endpoints": site.page_state()["endpoints"] | {"event": "/gone/{index}"}}
    opened = look(site, path="/page#view:e=3")
    opened.says(".dcv-event-notes", "Resource not found")
    opened.says(".dcv-values", "Area [µm²]")


def test_the_gallery_is_linked_with_the_plot(look) -> None:
    opened = look()
    opened.find(".dcv-more").scroll_into_view_if_needed()
    tile = opened.find(".dcv-more .dcv-tile").nth(5)
    tile.wait_for()
    tile.click()
    opened.says(".dcv-event [role=status]", f"Event {tile.get_attribute('data-event')}:")
    assert tile.get_attribute("aria-pressed") == "true"


def test_the_gallery_has_orders_and_pages(look, measurement) -> None:
    opened = look()
    opened.find(".dcv-more").scroll_into_view_if_needed()
    opened.find(".dcv-more .dcv-tile").first.wait_for()
    assert opened.find(".dcv-more .dcv-tile").count() == 48
    opened.page.get_by_label("Order").select_option(label="by horizontal axis")
    smallest = int(np.argmin(measurement.values["area_um"]))
    opened.find(f".dcv-more .dcv-gallery > :first-child[data-event='{smallest}']").wait_for()
    opened.page.get_by_role("button", name="Next page").click()
    opened.says(".dcv-pager", "49 to 96 of 1200")
    asked = [where for _, where, _ in opened.site.log if "events.bin" in where]
    assert asked
    assert max(where.count("%2C") + where.count(",") for where in asked) < 96


def test_events_without_readable_image_leave_the_others_where_they_are(look, served_site) -> None:
    site = served_site(measurement=Synthetic(unreadable=frozenset({3, 7})))
    opened = look(site)
    opened.page.get_by_label("Order").select_option(label="as measured")
    opened.find(".dcv-more [data-event='47'][data-drawn]").wait_for()
    empty = opened.find(".dcv-more .dcv-tile:not([data-drawn])")
    assert [tile.get_attribute("data-event") for tile in empty.all()] == ["3", "7"]


@pytest.fixture
def opened_without_index(look, served_site):
    """A page that waits for the numbers of its events, and the requests for them."""
    opened = look(served_site(measurement=Synthetic(events=3000, sampled=1200)))
    bundle = opened.site.measurement.bundle
    header = json.loads(bundle[16 : 16 + int.from_bytes(bundle[12:16], "little")])
    begin = f"bytes={header['index']['offset']}-"
    waiting = []

    def is_index(request) -> bool:
        return request.headers.get("range", "").startswith(begin)

    def answer(route) -> None:
        waiting.append(route) if is_index(route.request) else route.continue_()

    opened.page.route("**/view?*", answer)
    with opened.page.expect_request(is_index):
        opened.page.reload()
    opened.says(".dcv-pager", "1 to 48 of 96")
    opened.page.get_by_label("Order").select_option(label="as measured")
    return opened, waiting


def test_a_choice_that_was_overtaken_changes_nothing(opened_without_index) -> None:
    opened, waiting = opened_without_index
    opened.page.get_by_label("Order").select_option(label="overview of the measurement")
    with opened.page.expect_response(lambda answer: answer.request == waiting[0].request) as found:
        waiting[0].continue_()
    found.value.finished()
    opened.find(".dcv-plot").press("ArrowRight")  # needs the numbers
    opened.find(".dcv-picture").wait_for()
    assert "1 to 48 of 96" in opened.find(".dcv-pager").inner_text()
    assert opened.find(".dcv-more .dcv-tile[data-drawn]").count() == 48


def test_a_gallery_that_cannot_be_sorted_says_so(opened_without_index) -> None:
    opened, waiting = opened_without_index
    opened.page.route("**/view*", lambda route: route.abort())
    waiting[0].abort()
    opened.says(".dcv-more .dcv-notice-warning", "could not be loaded")


def test_the_gallery_is_one_stop_of_the_keyboard(look) -> None:
    opened = look()
    gallery = opened.page.get_by_role("group", name="Events; arrow keys lead from one to the next")
    tile = gallery.get_by_role("button")
    tile.nth(2).wait_for()
    assert gallery.locator("[tabindex='0']").count() == 1
    tile.first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        opened.page.keyboard.press(key)
    columns = gallery.evaluate("one => getComputedStyle(one).gridTemplateColumns.split(' ').length")
    expect(tile.nth(columns)).to_be_focused()
    opened.page.keyboard.press("Enter")
    expect(tile.nth(columns)).to_have_attribute("aria-pressed", "true")
    opened.page.keyboard.press("Home")
    expect(tile.first).to_be_focused()
    opened.page.keyboard.press("Shift+Tab")
    following = opened.page.get_by_role("button", name="Next page")
    expect(following).to_be_focused()
    opened.page.keyboard.press("Enter")
    opened.says(".dcv-pager", "49 to 96 of 96")
    expect(following).to_be_focused()
    expect(following).to_have_attribute("aria-disabled", "true")


def test_screen_readers_are_told_the_counts(look) -> None:
    opened = look()
    said = opened.find(".dcv-stage [role=status]")
    before = opened.status()
    expect(said).to_have_text(before)
    opened.find(".dcv-plot").press("+")
    expect(said).not_to_have_text(before)
    expect(said).to_have_text(opened.status())
