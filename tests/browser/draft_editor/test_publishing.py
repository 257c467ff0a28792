"""Researchers without any program but a browser publish their measurements."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.drafting import Drafting
    from tests.harness.people import Person
    from tests.harness.served import Served


def test_the_button_of_the_site_leads_here(drafting, served):
    drafting.page.goto(f"{served.url}/dashboard/datasets")
    drafting.page.get_by_role("link", name="Add Dataset").click()
    drafting.wait_until_loaded()


def test_from_an_account_to_a_public_dataset(drafting, served, researcher, measurements, shown):
    drafting.open_new()
    drafting.make_circle("Gück Lab")
    drafting.fill(title="HL60 under stress", authors="Peter Pan,Wendy Darling")
    drafting.page.select_option("#dcor-license_id", "CC-BY-4.0")
    for tag in ("leukocytes", "osmosis"):
        drafting.fill(tags=tag)
        drafting.page.keyboard.press("Enter")
    dataset_id = drafting.create()

    drafting.choose(measurements[0])
    drafting.expect_files(["M001_first.rtdc"])
    drafting.slow_down(500_000)
    drafting.choose(measurements[1])
    drafting.expect_progress("second.rtdc", 100_000)
    drafting.picture("uploading")
    drafting.reload()
    drafting.slow_down()
    expect(drafting.file("second.rtdc")).to_contain_text("Interrupted")
    drafting.picture("interrupted")
    drafting.choose(measurements[1])
    drafting.expect_files(["M001_first.rtdc", "second.rtdc"])
    for name in ("M001_first.rtdc", "second.rtdc"):
        drafting.expect_checked(name)

    describe(drafting)
    drafting.expect_saved()
    drafting.picture("described")
    drafting.publish("public")
    drafting.picture("published")

    dataset = shown(dataset_id)
    assert (dataset["state"], dataset["private"]) == ("active", False)
    assert dataset["authors"] == "Peter Pan, Wendy Darling"
    assert {tag["name"] for tag in dataset["tags"]} == {"leukocytes", "osmosis"}
    assert dataset["references"] == "doi:10.1186/s12859-020-03553-y, https://www.example.org/x"
    assert supplements(dataset["resources"][0]) == {
        "sp:general:sample type": "cell line",
        "sp:cells:organism": "Homo sapiens",
        "sp:cells:fixed": True,
        "sp:chip:channel width": 20.5,
        "sp:chip:production date": "2020-05-17",
    }
    assert supplements(dataset["resources"][1]) == supplements(dataset["resources"][0])
    assert_objects_are_the_files(served, researcher, dataset["resources"], measurements)


def describe(drafting: Drafting) -> None:
    """Supplement the first measurement, and use that for the other one as well."""
    drafting.fill(references="https://dx.doi.org/10.1186/s12859-020-03553-y\nwww.example.org/x")
    row = drafting.file("M001_first.rtdc")
    row.get_by_text("Description and experimental details").click()
    row.get_by_label("Sample type").select_option("cell line")
    row.locator("summary", has_text="Cell sample").click()
    row.get_by_label("Organism").fill("Homo sapiens")
    row.get_by_label("Fixed cells").select_option("yes")
    row.locator("summary", has_text="Microfluidic chip").click()
    row.get_by_label("Exact channel width").fill("20.5")
    row.get_by_label("Production date").fill("2020-05-17")
    drafting.expect_saved()
    row.get_by_role("button", name="Use these details for all").click()
    drafting.find("dialog").get_by_role("button", name="Use for all").click()
    expect(drafting.file("second.rtdc").locator(".dcor-count").first).to_contain_text("5 of")


def supplements(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key.startswith("sp:")}


def assert_objects_are_the_files(
    served: Served, person: Person, resources: list[dict[str, Any]], paths: list[Path]
) -> None:
    for resource, path in zip(resources, paths, strict=True):
        data = path.read_bytes()
        assert resource["etag"] == hashlib.md5(data, usedforsecurity=False).hexdigest()
        assert resource["size"] == len(data)
        assert requests.get(resource["s3_url"], timeout=60).content == data
        assert sha256_of(served, person, resource["id"]) == hashlib.sha256(data).hexdigest()


def sha256_of(served: Served, person: Person, resource_id: str) -> str:
    """The checksum of a resource, as soon as it is computed."""
    end = time.monotonic() + 120
    while not (found := served.call("resource_show", person, id=resource_id).get("sha256")):
        assert time.monotonic() < end, "the checksum was not computed in time"
        time.sleep(0.5)
    return str(found)


def test_a_private_dataset_stays_private(drafting, draft, measurements, shown):
    drafting.open(draft["id"])
    drafting.choose(measurements[1])
    drafting.expect_checked("second.rtdc")
    drafting.publish("private")
    dataset = shown(draft["id"])
    assert (dataset["state"], dataset["private"]) == ("active", True)
    assert requests.get(dataset["resources"][0]["s3_url"], timeout=60).status_code == 403


def test_a_file_that_is_no_measurement_is_named_before_the_publication(
    drafting, draft, shown, tmp_path
):
    path = tmp_path / "broken.rtdc"
    path.write_bytes(b"this is no HDF5 file")
    drafting.open(draft["id"])
    drafting.choose(path)
    badge = drafting.file("broken.rtdc").locator(".dcor-badge")
    expect(badge).to_have_text("Not valid", timeout=90_000)
    expect(drafting.find("#dcor-problems")).to_contain_text("valid DC resource")
    drafting.page.locator("#dcor-publish").press("Enter")
    expect(drafting.find("#dcor-problems")).to_be_focused()
    with drafting.page.expect_response("**/action/dcor_resource_retry") as answer:
        drafting.file("broken.rtdc").get_by_role("button", name="Check broken.rtdc again").click()
    assert answer.value.ok
    expect(badge).to_have_text("Checking")
    expect(badge).to_have_text("Not valid", timeout=90_000)
    drafting.file("broken.rtdc").get_by_role("button", name="Remove").click()
    drafting.find("dialog").get_by_role("button", name="Remove").click()
    expect(drafting.find("#dcor-problems")).to_contain_text("has no files")
    assert shown(draft["id"])["resources"] == []


def test_a_draft_can_be_deleted(drafting, draft, served, researcher):
    drafting.open(draft["id"])
    drafting.page.click("#dcor-delete")
    drafting.find("dialog").get_by_role("button", name="Delete").click()
    drafting.page.wait_for_url("**/dashboard/datasets")
    with pytest.raises(requests.HTTPError, match="404"):
        served.call("package_show", researcher, id=draft["id"])
