"""Logs and tables, and texts of files that would like to be HTML."""

from __future__ import annotations

import dataclasses

import pytest

from .synthetic import Synthetic
from .texts import BASIN, PAYLOAD


@pytest.fixture
def texts(look):
    """The page with logs and tables."""
    opened = look(path="/logs", ready=False)
    opened.wait_for_logs()
    return opened


def _log(opened, name: str):
    block = opened.find(".dcv-log").filter(has=opened.page.get_by_text(name, exact=True))
    block.locator("summary").first.click()
    block.locator("li, tr").first.wait_for()
    return block


def test_logs_are_sorted_and_say_where_they_come_from(texts) -> None:
    names = texts.find(".dcv-log .dcv-log-name").all_inner_texts()
    assert names[1:3] == ["a-pipeline", "dcevent"]
    texts.says(".dcv-log:has-text('a-pipeline')", "of the condensed file")


def test_what_is_missing_is_told(texts) -> None:
    texts.says(".dcv-notice", f"Cut off: {PAYLOAD}")


def test_a_long_log_is_loaded_piece_by_piece(texts) -> None:
    log = _log(texts, "dcevent")
    assert log.locator("li").count() == 500
    log.get_by_role("button", name="More").click()
    texts.page.wait_for_function(
        "() => document.querySelectorAll('.dcv-lines > li').length === 1000"
    )
    assert log.locator("li").nth(999).get_attribute("value") == "1000"
    assert (
        log.get_by_role("link", name="Download (.txt)")
        .get_attribute("href")
        .endswith("/r/logs.txt?name=dcevent")
    )


def test_the_whole_log_is_searched(texts) -> None:
    log = _log(texts, "dcevent")
    log.get_by_role("searchbox").fill("STEP 1199")
    texts.says(".dcv-log:has-text('dcevent') [role=status]", "1 line found")
    assert log.locator("li").get_attribute("value") == "1200"
    assert log.locator("mark").inner_text() == "step 1199"
    log.get_by_role("searchbox").fill("step")
    texts.says(".dcv-log:has-text('dcevent') [role=status]", "the first 1000 lines found")


def test_json_in_a_log_can_be_unfolded(texts) -> None:
    log = _log(texts, "a-pipeline")
    log.locator(".dcv-json summary").click()
    assert '"dclab": "0.73"' in log.locator("pre").inner_text()


def test_logs_of_the_measurement_it_was_made_of(texts) -> None:
    texts.says(".dcv-log-origin", f"refers to {BASIN}")
    log = texts.find(".dcv-log").filter(has_text=f"from {BASIN}")
    asked = [path for _, path, _ in texts.site.log]
    assert not any("/other/logs.json?" in path for path in asked), "before anybody wants to read"
    log.locator("summary").click()
    log.locator("li").first.wait_for()
    assert log.locator("li").all_inner_texts() == ["of the raw file", PAYLOAD]
    save = log.get_by_role("link", name="Download (.txt)")
    assert save.get_attribute("href").endswith("/other/logs.txt?name=acquisition")
    assert texts.page.evaluate("() => window.hacked") is None


def test_a_measurement_that_is_gone_hides_no_logs_of_others(look) -> None:
    opened = look()
    places = [("a", "/other/logs.json"), ("b", "/gone/logs.json"), ("c", "/other/logs.json")]
    basins = [{"id": name, "name": name, "page": "/", "logs": at} for name, at in places]
    refused = {"error": "not-found", "message": "Resource not found"}
    opened.page.route("**/r/basins.json", lambda route: route.fulfill(json={"basins": basins}))
    opened.page.route("**/gone/*", lambda route: route.fulfill(status=404, json=refused))
    opened.go("/logs", ready=False)
    opened.wait_for_logs()
    found = opened.find(".dcv-log-origin + *").all_inner_texts()
    assert "from a" in found[0]
    assert found[1] == "Resource not found"
    assert "from c" in found[2]


def test_tables_are_sorted_drawn_and_downloaded(texts) -> None:
    table = _log(texts, "cytoshot_monitor")
    head = table.get_by_role("columnheader", name="brightness")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert float(table.locator("tbody td").nth(1).inner_text()) == pytest.approx(110, abs=0.1)
    table.get_by_label("focus").check()
    chart = table.locator(".dcv-table-chart")
    assert chart.get_attribute("aria-label") == "Chart of brightness, focus"
    assert (
        table.get_by_role("link", name="Download (.csv)")
        .get_attribute("href")
        .endswith("name=cytoshot_monitor")
    )


def test_nothing_of_a_file_is_ever_html(look, served_site) -> None:
    note = {"code": "x", "text": PAYLOAD}
    site = served_site(
        measurement=Synthetic(events=200, name=f"{PAYLOAD}.rtdc", sample=PAYLOAD, notes=[note])
    )
    opened = look(site, path="/page#view:e=3")
    opened.says(".dcv-left", PAYLOAD)
    opened.page.get_by_role("tab", name="Statistics").click()
    opened.go("/logs", ready=False)
    opened.wait_for_logs()
    for block in opened.find(".dcv-log > summary").all():
        block.click()
    opened.find(".dcv-log tbody td").first.wait_for()
    assert opened.page.evaluate("() => window.hacked") is None
    assert opened.find("img, .dcv-log script").count() == 0
    assert opened.find(f"text={PAYLOAD}").count() > 0


def test_hostile_feature_names_are_texts(look, served_site) -> None:
    made = Synthetic(events=50)
    hostile = dataclasses.replace(made)
    hostile.__dict__["features"] = [
        (n, PAYLOAD if n == "area_um" else label, u, g) for n, label, u, g in made.features
    ]
    opened = look(served_site(measurement=hostile), path="/page#view:e=3")
    opened.says(".dcv-values", PAYLOAD)
    opened.page.get_by_role("combobox", name="Horizontal axis", exact=True).click()
    opened.says(".dcv-options:visible", PAYLOAD)
    assert opened.page.evaluate("() => window.hacked") is None
    assert opened.find("img").count() == 0
