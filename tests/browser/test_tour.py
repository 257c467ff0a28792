"""What the viewer can do, on real measurements and on one of 100 000 events."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from dclab.polygon_filter import PolygonFilter

from .recorded import Recorded
from .synthetic import Synthetic

_LARGE = "100 000 events"
_ALL = ["calibration_beads_47.rtdc", "cytoshot_blood.rtdc", "blood_rbc_leukocytes.rtdc", _LARGE]


@pytest.fixture(scope="module", params=_ALL)
def measured(request):
    if request.param == _LARGE:
        yield Synthetic(events=100_000, sampled=20_000)
    else:
        with closing(Recorded(request.param)) as made:
            yield made


@pytest.fixture
def opened(look, served_site, measured):
    return look(served_site(measurement=measured), path="/page#view:e=1", accept_downloads=True)


def header_of(measured) -> dict[str, Any]:
    length = int(np.frombuffer(measured.bundle[12:16], "<u4")[0])
    return json.loads(measured.bundle[16 : 16 + length])


def _colour(header: dict[str, Any]) -> dict[str, Any]:
    known = {one["name"]: one for one in header["features"]}
    return known.get("bright_avg") or known["inert_ratio_cvx"]


def test_axes_colour_scale_and_limits(opened, measured) -> None:
    header = header_of(measured)
    shown = f"{header['event_count']:,}".replace(",", "\u202f")
    assert f"{shown if header['event_count'] >= 10_000 else header['event_count']} ev" in (
        opened.status()
    )
    third = _colour(header)
    opened.choose("Colour", third["name"])
    opened.address(f"c={third['name']}")
    opened.says(".dcv-colourbar", third["label"])
    opened.page.get_by_label("Horizontal axis logarithmic").check()
    opened.address("xl=1")
    opened.page.get_by_role("button", name="Zoom in", exact=True).click()
    opened.address("yr=")
    opened.page.get_by_role("button", name="Show the usual limits").click()
    opened.page.wait_for_url(lambda url: "yr=" not in url)
    opened.find(".dcv-limits > summary").click()
    for end, value in (("from", "1"), ("to", "100000")):
        opened.page.get_by_label(f"Horizontal axis: {end}").fill(value)
    opened.page.get_by_label("Horizontal axis: to").press("Enter")
    opened.address("xr=1,100000")


def test_isoelastics(opened, measured) -> None:
    tables = [line["lut"] for line in header_of(measured)["isoelastics"]["lines"]]
    lines = opened.page.get_by_label("Isoelastics")
    lines.select_option("off")
    opened.address("iso=")
    lines.select_option(tables[-1])
    opened.page.wait_for_url(lambda url: not url.endswith("iso=") and "iso=&" not in url)
    opened.choose("Horizontal axis", "deform")
    opened.choose("Vertical axis", "area_um")
    opened.address("y=area_um")
    assert lines.is_enabled()


def test_an_event_in_all_its_views(opened, measured) -> None:
    header = header_of(measured)
    opened.says(".dcv-event [role=status]", "Event 1:")
    opened.find(".dcv-picture").wait_for()
    views = opened.page.get_by_label("View", exact=True)
    names = views.locator("option").all_inner_texts()
    assert ("Background corrected" in names) == header["images"]["image_bg"]
    for name in names:
        views.select_option(name)
        assert opened.find(".dcv-picture").get_attribute("aria-label") == f"{name} of event 1"
    whole = opened.find(".dcv-picture").bounding_box()
    views.select_option("Image")
    opened.page.get_by_label("zoom to cell").check()
    opened.page.get_by_label("mask", exact=True).check()
    opened.page.get_by_label("auto-contrast").uncheck()
    assert opened.find(".dcv-picture").bounding_box() != whole
    assert opened.find(".dcv-traces").is_visible() == (header["traces"] is not None)
    assert opened.find(".dcv-values tbody tr").count() == len(header["features"])
    opened.page.get_by_role("button", name="Next event").click()
    opened.says(".dcv-event [role=status]", "Event 2:")


def test_a_selection_with_its_gallery_statistics_and_polygon(opened, measured, tmp_path) -> None:
    opened.tool("rectangle")
    opened.drag((0.02, 0.02), (0.98, 0.98))
    opened.address("sel=")
    count = opened.find(".dcv-selection strong").inner_text().split(" of ")[0]
    assert int(count.replace("\u202f", "")) > 0
    _, content = opened.saved(opened.page.get_by_role("button", name="Polygon filter").click)
    (tmp_path / "p.poly").write_bytes(content)
    made = PolygonFilter(filename=tmp_path / "p.poly")
    assert made.axes == tuple(header_of(measured)["axes"].values())
    PolygonFilter.remove(made.unique_id)
    opened.find(".dcv-more").scroll_into_view_if_needed()
    opened.says(".dcv-pager", f"of {count}")
    for order in ("by horizontal axis", "by colour", "random"):
        opened.page.get_by_label("Order").select_option(order)
        opened.find(".dcv-more .dcv-tile[data-drawn]").first.wait_for()
    opened.find(".dcv-more .dcv-tile").first.click()
    opened.find(".dcv-more .dcv-tile[aria-pressed=true]").wait_for()
    opened.page.get_by_role("tab", name="Statistics").click()
    opened.says(".dcv-more .dcv-statistics", "selection")
    _, table = opened.saved(opened.page.get_by_role("button", name="Table (CSV)").click)
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert len(rows) == 2 * len(header_of(measured)["features"])


def test_picture_drawing_and_values(opened, measured) -> None:
    for kind, begin in (("Picture (PNG)", b"\x89PNG"), ("Drawing (SVG)", b"<svg")):
        assert opened.save_plot(kind)[1].startswith(begin)
    rows = opened.save_plot("Values shown (CSV)")[1].decode().splitlines()
    assert len(rows) == 1 + header_of(measured)["sampled"]
