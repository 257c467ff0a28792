"""Selections: count, statistics and files agree with dclab."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from dclab.polygon_filter import PolygonFilter
from dclab.statistics import Statistics


@pytest.fixture
def no_filters():
    """dclab keeps all filters of the process in a list."""
    PolygonFilter.clear_all_filters()
    yield
    PolygonFilter.clear_all_filters()


def _polygon(opened, tmp_path) -> PolygonFilter:
    name, content = opened.saved(opened.page.get_by_role("button", name="Polygon filter").click)
    assert name == "beads.poly"
    path = tmp_path / name
    path.write_bytes(content)
    return PolygonFilter(filename=path)


def _chosen(polygon: PolygonFilter, values: dict[str, np.ndarray]) -> np.ndarray:
    x, y = (values[axis].astype(float) for axis in polygon.axes)
    return polygon.filter(x, y)


def test_a_rectangle_is_counted_and_described_as_by_dclab(
    look, measurement, tmp_path, no_filters
) -> None:
    opened = look()
    opened.tool("rectangle")
    opened.drag((0.15, 0.2), (0.5, 0.7))
    opened.address("sel=")
    polygon = _polygon(opened, tmp_path)
    inside = _chosen(polygon, measurement.values)
    opened.says(".dcv-selection", f"{inside.sum()} of 1200 events shown")
    area = measurement.values["area_um"][inside].astype(float)
    row = opened.find(".dcv-selection tbody tr").filter(has_text="Area [µm²]")
    shown = [float(cell) for cell in row.locator("td").all_inner_texts()]
    heads = opened.find(".dcv-selection thead th").all_inner_texts()[1:]
    wanted = [Statistics.available_methods[head].method(area) for head in heads]
    assert np.allclose(shown, wanted, rtol=1e-3)


def test_the_count_is_live_while_one_draws(look) -> None:
    opened = look()
    opened.tool("rectangle")
    opened.page.mouse.move(*opened.place(0.1, 0.1))
    opened.page.mouse.down()
    opened.page.mouse.move(*opened.place(0.3, 0.3), steps=3)
    opened.says(".dcv-selection", "of 1200 events shown")
    first = opened.find(".dcv-selection strong").inner_text()
    opened.page.mouse.move(*opened.place(0.5, 0.8), steps=3)
    opened.page.wait_for_function(
        "before => document.querySelector('.dcv-selection strong').textContent !== before",
        arg=first,
    )
    opened.page.mouse.up()


def test_a_polygon_is_set_by_corners(look, measurement, tmp_path, no_filters) -> None:
    opened = look()
    opened.tool("polygon")
    for corner in ((0.1, 0.1), (0.4, 0.1), (0.45, 0.6), (0.1, 0.7)):
        opened.click_plot(*corner)
    opened.find(".dcv-plot").focus()
    opened.find(".dcv-plot").press("Enter")
    opened.address("sel=")
    polygon = _polygon(opened, tmp_path)
    assert len(polygon.points) == 4
    opened.says(".dcv-selection", f"{_chosen(polygon, measurement.values).sum()} of 1200")
    opened.page.get_by_role("button", name="Clear").click()
    opened.page.wait_for_url(lambda url: "sel=" not in url)
    assert not opened.find(".dcv-selection").is_visible()


def test_a_polygon_is_drawn_by_hand(look) -> None:
    opened = look()
    opened.tool("polygon")
    opened.drag((0.1, 0.1), (0.4, 0.1), (0.45, 0.6), (0.1, 0.7))
    opened.address("sel=")
    opened.says(".dcv-selection", "Selection:")


def test_a_selection_is_a_gate_on_its_own_features(look) -> None:
    opened = look()
    opened.tool("rectangle")
    opened.drag((0.15, 0.2), (0.5, 0.7))
    opened.address("sel=")
    before = opened.find(".dcv-selection strong").inner_text()
    opened.choose("Horizontal axis", "brightness average")
    opened.says(".dcv-selection", "Brightness average")
    assert opened.find(".dcv-selection strong").inner_text() == before


def test_the_statistics_table_has_all_events_and_the_selection(look, measurement) -> None:
    opened = look(path="/page#view:sel=area_um:deform:30,0.05;100,0.05;100,0.2;30,0.2")
    opened.page.get_by_role("tab", name="Statistics").click()
    opened.says(".dcv-more", "%-gated")
    name, content = opened.saved(opened.page.get_by_role("button", name="Table (CSV)").click)
    assert name == "beads_statistics.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    (all_events, chosen) = [row for row in rows if row["Feature"] == "Area [µm²]"]
    area, deform = measurement.values["area_um"], measurement.values["deform"]
    inside = (area >= 30) & (area < 100) & (deform >= 0.05) & (deform < 0.2)
    assert int(chosen["Events"]) == inside.sum()
    assert float(chosen["%-gated"]) == pytest.approx(100 * inside.mean())
    assert float(chosen["SD"]) == pytest.approx(area[inside].astype(float).std())
    assert float(all_events["Median"]) == pytest.approx(np.median(area))
    assert int(all_events["Events"]) == measurement.events


def test_the_gallery_shows_the_selection(look) -> None:
    opened = look(path="/page#view:sel=area_um:deform:30,0.05;100,0.05;100,0.2;30,0.2")
    count = opened.find(".dcv-selection strong").inner_text().split(" of ")[0]
    opened.find(".dcv-more").scroll_into_view_if_needed()
    opened.says(".dcv-pager", f"of {count}")


def test_the_plot_is_saved_as_picture_drawing_and_values(look, measurement) -> None:
    opened = look()
    name, picture = opened.save_plot("Picture (PNG)")
    assert (name, picture[:4]) == ("beads.png", b"\x89PNG")
    name, drawing = opened.save_plot("Drawing (SVG)")
    assert name == "beads.svg"
    assert b"Area [" in drawing
    assert drawing.count(b"h0") > 1000
    name, values = opened.save_plot("Values shown (CSV)")
    rows = list(csv.reader(io.StringIO(values.decode())))
    assert rows[0] == ["event", "Area [µm²]", "Deformation"]
    saved = np.array([float(row[1]) for row in rows[1:]], "f4")
    assert np.array_equal(saved, measurement.values["area_um"])
