"""The viewer on a whole instance: CKAN's pages, workers, object store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dcor_shared.testing.measurements import write_measurement

from .instance import HOSTILE, REAL
from .recorded import DATA
from .uploads import Dataset, upload

if TYPE_CHECKING:
    from .instance import Datasets


def _real(datasets: Datasets, name: str) -> str:
    if name not in datasets.public.resources:
        pytest.skip(f"{DATA / name} is not there")
    return datasets.public.page(name)


def test_a_visitor_looks_at_public_cells(visit, datasets) -> None:
    page = _real(datasets, REAL[0])
    asked: list[str] = []
    refused: list[str] = []
    opened = visit(page)
    opened.page.on("request", lambda request: asked.append(request.url))
    opened.page.on(
        "response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None
    )
    opened.page.reload()
    opened.page.wait_for_selector(".dcv-explorer[data-ready]")
    opened.find(".dcv-plot").press("ArrowRight")
    opened.find(".dcv-picture").wait_for()
    opened.find(".dcv-more").scroll_into_view_if_needed()
    opened.find(".dcv-more .dcv-tile[data-drawn]").first.wait_for()
    assert any("/view/" in url and "X-Amz" not in url for url in asked), asked
    assert not any("view.bin" in url for url in asked), asked
    opened.says("table.dc_view", "Number of recorded events")
    assert refused == []
    opened.page.evaluate("() => scrollTo(0, 0)")
    opened.screenshot("site-viewer")


def test_a_member_looks_at_private_cells(visit, datasets) -> None:
    page = datasets.private.page(HOSTILE)
    opened = visit(f"{page}#view:e=3", login=True)
    opened.find(".dcv-picture").wait_for()
    opened.says(".dcv-values", "Area [µm²]")
    assert opened.page.evaluate("() => window.hacked") is None


def test_nobody_else_sees_private_cells(visit, datasets) -> None:
    opened = visit(datasets.private.page(HOSTILE), ready=False)
    assert opened.find("#dc-view").count() == 0


def test_logs_and_tables_of_a_measurement(visit, datasets) -> None:
    opened = visit(_real(datasets, REAL[1]), ready=False)
    opened.page.get_by_role("link", name="DC Logs").click()
    opened.wait_for_logs()
    opened.find(".dcv-log > summary").first.click()
    opened.find(".dcv-lines > li").first.wait_for()
    opened.find(".dcv-log > summary").last.click()
    opened.find(".dcv-table-chart canvas").first.wait_for()
    opened.screenshot("site-logs")


@pytest.fixture(scope="module")
def analysis(served, tmp_path_factory) -> Dataset:
    """A dataset with a measurement, and a part of it that an analysis has left."""
    folder = tmp_path_factory.mktemp("analysis")
    raw = write_measurement(
        folder / "raw.rtdc",
        events=60,
        logs={"acquisition": ["begun", "ended"]},
        metadata={"experiment:run identifier": "run-1"},
    )
    part = {
        "basin_name": "raw",
        "basin_type": "file",
        "basin_format": "hdf5",
        "basin_locs": [str(raw)],
        "basin_id": "run-1",
        "basin_map": np.arange(0, 60, 2),
    }
    made = write_measurement(
        folder / "made.rtdc",
        events=30,
        metadata={"experiment:run identifier": "run-1_part"},
        basins=[part],
    )
    return upload(served, [raw, made], private=True)


def test_logs_of_what_a_measurement_was_made_of(visit, analysis) -> None:
    opened = visit(analysis.page("made.rtdc"), login=True)
    opened.page.get_by_role("link", name="DC Logs").click()
    log = opened.find(".dcv-log").filter(has_text="from raw.rtdc").filter(has_text="acquisition")
    log.locator("summary").click()
    log.locator("li").last.wait_for()
    assert log.locator("li").all_inner_texts() == ["begun", "ended"]
    opened.screenshot("site-logs-of-basins")
    opened.find(".dcv-log-origin").get_by_role("link", name="raw.rtdc").click()
    opened.says("h1.page-heading", "raw.rtdc")


def test_texts_of_files_are_never_html(visit, datasets) -> None:
    opened = visit(f"{datasets.public.page(HOSTILE)}#view:e=3")
    opened.says("table.dc_view >> nth=0", "onerror")
    opened.says("table.dc_view[data-section='sp:chip']", "onerror")
    assert opened.page.evaluate("() => window.hacked") is None
    opened.page.get_by_role("link", name="DC Logs").click()
    opened.wait_for_logs()
    for block in opened.find(".dcv-log > summary").all():
        block.click()
    opened.find(".dcv-log tbody td").first.wait_for()
    assert opened.page.evaluate("() => window.hacked") is None
    assert opened.find(".dcv img").count() == 0


def test_a_phone_shows_it_too(visit, datasets) -> None:
    size = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
    opened = visit(f"{datasets.public.page(HOSTILE)}#view:e=3", **size)
    opened.find(".dcv-picture").wait_for()
    opened.find(".dcv-more").scroll_into_view_if_needed()
    opened.find(".dcv-more .dcv-tile[data-drawn]").first.wait_for()
    opened.says(".dcv-pager", "1 to 48 of 60")
    opened.page.evaluate("() => scrollTo(0, 0)")
    opened.screenshot("site-phone")
    width = opened.page.evaluate("() => document.querySelector('#dc-view').scrollWidth")
    assert width <= 390
    tops = [
        opened.find(place).bounding_box()["y"]
        for place in ("h1.page-heading", "#dc-view", ".primary", ".secondary")
    ]
    assert tops == sorted(tops), "the measurement comes before everything else"


def test_other_sites_can_show_a_picture(visit, datasets) -> None:
    opened = visit(datasets.public.page(HOSTILE))
    address = opened.find("meta[property='og:image']").get_attribute("content")
    answer = opened.page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    assert opened.find(".resource-view .actions:visible").count() == 0
