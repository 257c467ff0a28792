"""How the bytes get to the page, and what it says while there are none."""

from __future__ import annotations

import json

from .site import step


def test_a_presigned_address_that_has_ended_is_renewed(look, served_site) -> None:
    site = served_site(valid_signature="2")
    look(site)
    asked = [where for _, where, _ in site.log]
    assert "/r/view.json?signed=1" in asked
    assert "/r/view.bin" not in asked
    assert asked.count("/view?signature=1") == 1


def test_where_the_store_cannot_be_reached_the_site_hands_out_the_bytes(look, served_site) -> None:
    site = served_site(store_works=False)
    opened = look(site)
    assert "all 1200 events" in opened.status()
    assert ("site", "/r/view.bin") in [(server, where) for server, where, _ in site.log]
    # CORS complains in the console; that is the browser's way to say what was tried.
    opened.complaints.clear()


def test_the_store_may_go_away_while_the_page_is_open(look, served_site) -> None:
    site = served_site()
    opened = look(site)
    site.store_works = False
    opened.choose("Horizontal axis", "volume")
    opened.address("x=volume")
    opened.page.wait_for_function(
        "() => document.querySelector('.dcv-plot').ariaLabel.includes('Volume')"
    )
    assert ("site", "/r/view.bin") in [(server, where) for server, where, _ in site.log]
    assert opened.find(".dcv-notice-error").count() == 0
    opened.complaints.clear()  # of CORS


def test_readers_without_script_see_the_preview_and_the_metadata(look, served_site) -> None:
    site = served_site(state={"preview": {"url": "/r/preview.jpg"}})
    opened = look(site, ready=False, java_script_enabled=False)
    opened.page.wait_for_load_state()
    picture = opened.find("img.preview")
    assert (picture.bounding_box()["height"], picture.is_visible()) == (600, True)
    assert ("store", "/preview") in [(server, where) for server, where, _ in site.log]
    opened.says("table.dc_view", "Number of recorded events")
    opened.screenshot("viewer-without-script")


def test_the_page_waits_for_the_pipeline_and_goes_on_by_itself(look, served_site) -> None:
    site = served_site()
    steps = [step("hash", "Checksum"), step("overview", "Overview", "running")]
    site.state = {
        "bundle": None,
        "pipeline": {"finished": False, "failed": False, "poll_after": 1, "steps": steps},
    }
    opened = look(site, ready=False)
    opened.says(".dcv-pipeline", "Overview")
    opened.says(".dcv-step-running", "running")
    opened.says(".dcv-pipeline", "being prepared")
    opened.screenshot("pipeline-running")
    site.state = {}
    opened.page.wait_for_selector(".dcv-explorer[data-ready]")
    assert not opened.find(".dcv-pipeline").is_visible()


def test_a_failure_is_told_and_editors_can_try_again(look, served_site) -> None:
    site = served_site()
    failed = step(
        "overview",
        "Overview",
        "failed",
        attempt=3,
        error_code="unreadable",
        error_text="<b>Broken</b> file",
    )
    site.state = {
        "bundle": None,
        "pipeline": {"finished": True, "failed": True, "poll_after": None, "steps": [failed]},
        "retry": {"url": "/r/retry"},
    }
    opened = look(site, ready=False)
    opened.says(".dcv-step-failed", "<b>Broken</b> file")
    assert not opened.find(".dc-view-fallback").inner_text().strip(), "the script says it all"
    opened.screenshot("pipeline-failed")
    opened.page.get_by_role("button", name="Try again").click()
    opened.page.wait_for_function("() => !document.querySelector('.dcv-pipeline button')")
    assert site.posts == [{"_csrf_token": ["t0k3n"], "header": ["t0k3n"]}]


def test_another_attempt_is_offered_once(look, served_site) -> None:
    site = served_site()
    failed = step("overview", "Overview", "failed", error_text="Broken")
    site.state = {
        "bundle": None,
        "pipeline": {"finished": True, "failed": True, "poll_after": None, "steps": [failed]},
        "retry": {"url": "/r/retry"},
    }
    opened = look(site, ready=False)
    opened.find(".dcv-retry").wait_for()
    opened.page.evaluate(
        """() => document.body.insertAdjacentHTML("beforeend", `<section class="dcor-processing">
        <form><button>Try again</button></form></section>`)"""
    )
    assert opened.page.get_by_role("button", name="Try again").count() == 1
    with opened.page.expect_navigation():  # so that the table is up to date
        opened.find(".dcv-retry button").click()


def test_readers_who_may_not_edit_have_no_button(look, served_site) -> None:
    site = served_site()
    failed = step("overview", "Overview", "failed", error_text="Broken")
    site.state = {
        "bundle": None,
        "pipeline": {"finished": True, "failed": True, "poll_after": None, "steps": [failed]},
    }
    opened = look(site, ready=False)
    opened.says(".dcv-pipeline", "Those who may edit the dataset can start it again.")
    assert opened.page.get_by_role("button", name="Try again").count() == 0


def test_a_measurement_without_events_has_not_failed_for_its_readers(look, served_site) -> None:
    site = served_site()
    failed = step("describe", "Metadata", "failed", error_code="no-events", error_text="No events.")
    site.state = {
        "bundle": None,
        "pipeline": {"finished": True, "failed": True, "poll_after": None, "steps": [failed]},
    }
    opened = look(site, ready=False)
    opened.says(".dcv-notice-info", "This measurement has no events")
    assert opened.find(".dcv-notice-error").count() == 0


def test_where_others_use_all_there_is_the_page_asks_again(look, served_site) -> None:
    site = served_site(busy=2)
    opened = look(site, path="/page#view:e=3")
    opened.find(".dcv-picture").wait_for()
    assert site.busy == 0


def test_metadata_are_found_and_copied(look) -> None:
    opened = look(permissions=["clipboard-read", "clipboard-write"])
    field = opened.page.get_by_label("Find in the metadata")
    field.fill("flow rate")
    assert opened.find("table.dc_view tr:visible").count() == 1
    field.fill("")
    assert opened.find("table.dc_view tr:visible").count() == 4
    opened.page.get_by_role("button", name="Copy as JSON").click()
    opened.page.get_by_text("Copied").wait_for()
    copied = json.loads(opened.page.evaluate("() => navigator.clipboard.readText()"))
    assert copied["sections"][0]["rows"][0]["value"] == 1200
