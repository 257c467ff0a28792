"""The scatter plot: what it shows, and what one can do to it."""

from __future__ import annotations

import numpy as np

from .synthetic import Synthetic

_BEFORE_THE_FIRST_PLOT = """() => {
    const [plot] = performance.getEntriesByName("dcv-first-plot");
    const asked = performance.getEntriesByType("resource");
    return asked.filter(({name, startTime}) =>
        name.includes("/view?") && startTime < plot.startTime).length;
}"""


def test_the_first_plot_needs_one_request_for_data(look) -> None:
    opened = look()
    assert opened.page.evaluate(_BEFORE_THE_FIRST_PLOT) == 1
    assert opened.site.sizes[0] == opened.site.measurement.first
    assert opened.find(".dc-view-fallback").count() == 0


def test_axes_carry_the_names_of_dclab(look) -> None:
    opened = look()
    assert (
        opened.page.get_by_role("combobox", name="Horizontal axis", exact=True).input_value()
        == "Area [µm²]"
    )
    label = opened.find(".dcv-plot").get_attribute("aria-label")
    assert "Deformation over Area [µm²]" in label


def test_events_outside_are_counted(look, measurement) -> None:
    opened = look()
    missing = int(np.isnan(measurement.values["deform"]).sum())
    assert f"without value on these axes: {missing}" in opened.status()
    assert "all 1200 events" in opened.status()
    opened.find(".dcv-limits > summary").click()
    opened.page.get_by_label("Horizontal axis: from").fill("0")
    opened.page.get_by_label("Horizontal axis: to").fill("100")
    opened.page.get_by_label("Horizontal axis: to").press("Enter")
    opened.address("xr=0,100")
    area, deform = measurement.values["area_um"], measurement.values["deform"]
    low, high = (
        float(opened.page.get_by_label(f"Vertical axis: {end}").input_value())
        for end in ("from", "to")
    )
    finite = np.isfinite(area) & np.isfinite(deform)
    inside = (area >= 0) & (area <= 100) & (deform >= low) & (deform <= high)
    assert f"outside: {int((finite & ~inside).sum())} " in opened.status()


def test_limits_that_are_no_limits_are_refused(look) -> None:
    opened = look()
    before = opened.status()
    opened.find(".dcv-limits > summary").click()
    opened.page.get_by_label("Horizontal axis: from").fill("a lot")
    opened.page.get_by_label("Horizontal axis: from").press("Enter")
    opened.says(".dcv-limit", "Two numbers, the smaller one first.")
    assert opened.status() == before


def test_features_are_found_by_typing(look) -> None:
    opened = look()
    opened.choose("Horizontal axis", "bright avg")
    opened.address("x=bright_avg")
    opened.choose("Colour", "fl-1 max")
    opened.says(".dcv-colourbar", "FL-1 maximum [a.u.]")
    opened.choose("Vertical axis", "fl1_max")
    opened.find("text=logarithmic").nth(1).click()
    opened.address("yl=1")
    opened.choose("Colour", "one colour")
    assert not opened.find(".dcv-colourbar").is_visible()


def test_a_choice_can_be_left_without_changing_anything(look) -> None:
    opened = look()
    field = opened.page.get_by_role("combobox", name="Horizontal axis", exact=True)
    field.click()
    field.fill("nothing like it")
    opened.says(".dcv-option-none", "Nothing found")
    field.press("Escape")
    assert field.input_value() == "Area [µm²]"
    assert field.get_attribute("aria-expanded") == "false"


def test_isoelastics_are_there_only_for_the_pairs_that_have_them(look) -> None:
    opened = look()
    lines = opened.page.get_by_label("Isoelastics")
    assert lines.input_value() == "LE-2D-FEM-19"
    opened.choose("Horizontal axis", "brightness average")
    assert lines.is_disabled()
    opened.says(".dcv-controls", "for area or volume with deformation or circularity")


def test_isoelastics_that_are_hardly_in_view_are_explained(look) -> None:
    opened = look()
    assert not opened.find(".dcv-about-lines").is_visible()
    far = look(path="/page#view:yr=0.5,0.9")
    far.says(".dcv-about-lines", "No isoelastics lie within these limits")
    ends = look(path="/page#view:xr=239.9,250&yr=0,0.3")
    ends.says(".dcv-about-lines", "Only ends of the isoelastics lie within these limits")


def test_the_plot_is_moved_zoomed_and_reset(look) -> None:
    opened = look()
    before = opened.status()
    opened.drag((0.5, 0.5), (0.9, 0.5))
    opened.address("xr=")
    assert opened.status() != before
    opened.page.get_by_role("button", name="Show the usual limits").click()
    opened.says(".dcv-status", before)
    opened.tool("zoom")
    opened.drag((0.1, 0.1), (0.4, 0.4))
    opened.address("yr=")
    assert opened.status() != before


def test_the_wheel_scrolls_the_page_until_the_plot_has_the_focus(look) -> None:
    opened = look()
    opened.page.mouse.move(*opened.place(0.5, 0.5))
    opened.page.mouse.wheel(0, -200)
    opened.says(".dcv-message", "hold Ctrl")
    assert "xr=" not in opened.page.url
    opened.find(".dcv-plot").focus()
    opened.page.mouse.wheel(0, -200)
    opened.address("xr=")


def test_the_event_under_the_pointer_is_marked_and_named(look) -> None:
    opened = look()
    overlay = opened.find(".dcv-plot canvas.dcv-overlay")
    before = overlay.evaluate("canvas => canvas.toDataURL()")
    for share in np.linspace(0.2, 0.3, 9):
        opened.page.mouse.move(*opened.place(float(share), 0.5))
        if opened.find(".dcv-tooltip").is_visible():
            break
    opened.says(".dcv-tooltip", "Area: ")
    assert overlay.evaluate("canvas => canvas.toDataURL()") != before
    opened.page.mouse.move(2, 2)
    opened.find(".dcv-tooltip").wait_for(state="hidden")
    opened.page.wait_for_function(
        "before => document.querySelector('canvas.dcv-overlay').toDataURL() === before", arg=before
    )


def test_two_fingers_zoom(look) -> None:
    opened = look(has_touch=True)
    session = opened.page.context.new_cdp_session(opened.page)
    (left, top), (right, _) = opened.place(0.45, 0.5), opened.place(0.55, 0.5)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": turn} for turn, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (left, top), (right, top))
    for step in range(1, 6):
        touch("touchMove", (left - 20 * step, top), (right + 20 * step, top))
    touch("touchEnd")
    opened.address("xr=")
    opened.find(".dcv-limits > summary").click()
    low, high = (
        float(opened.page.get_by_label(f"Horizontal axis: {end}").input_value())
        for end in ("from", "to")
    )
    values = opened.site.measurement.values["area_um"]
    assert high - low < 0.8 * np.diff(np.percentile(values, (1, 99)))[0]
    assert "e=" not in opened.page.url, "that was no click"


def test_everything_works_without_a_pointer(look) -> None:
    opened = look()
    plot = opened.find(".dcv-plot")
    plot.focus()
    plot.press("ArrowRight")
    opened.address("e=0")
    plot.press("ArrowRight")
    opened.address("e=1")
    opened.says(".dcv-event [role=status]", "Event 1: Area [µm²]")
    plot.press("+")
    opened.address("xr=")
    plot.press("0")
    opened.page.wait_for_url(lambda url: "xr=" not in url)
    opened.find(".dcv-limits > summary").press("Enter")
    opened.page.get_by_role("button", name="Select the events within").press("Enter")
    opened.says(".dcv-selection", "Selection:")


def test_a_link_shows_the_same_to_somebody_else(look) -> None:
    first = look()
    first.choose("Horizontal axis", "volume")
    first.choose("Colour", "area")
    first.click_plot(0.5, 0.5)
    first.address("c=area_um")
    link = first.page.url.split("/", 3)[3]
    second = look(first.site, path=f"/{link}")
    field = second.page.get_by_role("combobox", name="Horizontal axis", exact=True)
    assert field.input_value() == "Volume [µm³]"
    second.says(".dcv-colourbar", "Area [µm²]")


def test_large_measurements_say_how_they_were_sampled(look, served_site) -> None:
    opened = look(served_site(measurement=Synthetic(events=30_000, sampled=5000)))
    assert "5000 of 30\u202f000 events, grid-downsampled" in opened.status()


def test_a_measurement_without_events_says_so(look, served_site) -> None:
    site = served_site(measurement=Synthetic(events=0, images=False))
    opened = look(site)
    opened.says(".dcv-explorer", "This measurement has no events.")


def test_one_event_is_a_plot(look, served_site) -> None:
    opened = look(served_site(measurement=Synthetic(events=60, sampled=1)))
    assert "1 of 60 events" in opened.status()
    single = look(served_site(measurement=Synthetic(events=1)))
    assert "1 event" in single.status()
