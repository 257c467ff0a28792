"""Uploads of the draft editor: interrupted, paused, refused, several, from several tabs."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.drafting import Drafting

GIB = 2**30


def test_only_what_is_missing_of_a_large_file_is_sent_after_a_reload(
    drafting, draft, shown, tmp_path
):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.write(b"begin")
        file.truncate(GIB + 11)
    sent: list[str] = []
    drafting.page.on(
        "request", lambda request: sent.append(request.url) if request.method == "PUT" else None
    )
    drafting.open(draft["id"])
    drafting.choose(path)
    drafting.page.set_default_timeout(120_000)
    drafting.expect_progress("large.txt", GIB // 2 + 20_000_000)
    drafting.reload()
    expect(drafting.file("large.txt")).to_contain_text("537 MB of 1.1 GB")
    drafting.choose(path)
    drafting.expect_files(["large.txt"])
    numbers = [re.search(r"partNumber=(\d)", url)[1] for url in sent]
    assert numbers == ["1", "2", "2"]
    (resource,) = shown(draft["id"])["resources"]
    assert resource["size"] == GIB + 11
    assert resource["etag"].endswith("-2")


def test_another_file_of_the_same_name_and_size_begins_anew(drafting, draft, shown, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"a" * 3_000_000)
    drafting.open(draft["id"])
    with_lost_registration(drafting)
    drafting.choose(path)
    expect(drafting.file("notes.txt")).to_contain_text("Failed")
    drafting.page.unroute_all()
    drafting.reload()
    path.write_bytes(b"b" * 3_000_000)
    with drafting.page.expect_response("**/action/dcor_upload_cancel"):
        drafting.choose(path)
    drafting.expect_files(["notes.txt"])
    (resource,) = shown(draft["id"])["resources"]
    assert resource["etag"] == hashlib.md5(b"b" * 3_000_000, usedforsecurity=False).hexdigest()


def with_lost_registration(drafting: Drafting) -> None:
    """Let the site be out of reach when files are registered."""
    drafting.page.route("**/action/package_revise", lambda route: route.abort())


#: A file in the browser's own file system stands for one of the computer, which a test cannot
#: choose in the browser's dialog.
_PICKER = """window.showOpenFilePicker = async () => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle("kept.txt", { create: true });
    const stream = await handle.createWritable();
    await stream.write("0123456789".repeat(200_000));
    await stream.close();
    return [handle];
};"""


def test_a_browser_that_can_opens_the_file_again_by_itself(drafting, draft, shown):
    drafting.page.add_init_script(_PICKER)
    drafting.open(draft["id"])
    drafting.slow_down(300_000)
    drafting.page.click("#dcor-choose")
    drafting.expect_progress("kept.txt", 50_000)
    drafting.reload()
    drafting.slow_down()
    drafting.file("kept.txt").get_by_role("button", name="Continue").click()
    drafting.expect_files(["kept.txt"])
    assert shown(draft["id"])["resources"][0]["size"] == 2_000_000


def test_two_tabs_do_not_upload_the_same_file(drafting, draft, measurements):
    drafting.open(draft["id"])
    drafting.slow_down(300_000)
    drafting.choose(measurements[1])
    drafting.expect_progress("second.rtdc", 50_000)
    first, drafting.page = drafting.page, drafting.context.new_page()
    drafting.open(draft["id"])
    drafting.choose(measurements[1])
    expect(drafting.file("second.rtdc")).to_contain_text("being uploaded in another tab")
    first.close()
    drafting.file("second.rtdc").get_by_role("button", name="Try second.rtdc again").click()
    drafting.expect_files(["second.rtdc"])


def test_an_upload_is_paused_and_goes_on(drafting, draft, measurements):
    drafting.open(draft["id"])
    drafting.slow_down(300_000)
    drafting.choose(measurements[1])
    drafting.expect_progress("second.rtdc", 50_000)
    row = drafting.file("second.rtdc")
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("Paused")
    drafting.slow_down()
    row.get_by_role("button", name="Continue").click()
    drafting.expect_files(["second.rtdc"])


def test_files_chosen_together_go_one_after_the_other(drafting, draft, measurements, shown):
    drafting.open(draft["id"])
    drafting.slow_down(600_000)
    drafting.choose(*measurements)
    drafting.expect_progress("M001_first.rtdc", 50_000)
    expect(drafting.file("M001_first.rtdc")).to_contain_text("left")
    expect(drafting.file("second.rtdc")).to_contain_text("Waiting")
    drafting.expect_progress("second.rtdc", 50_000)
    drafting.picture("two-files")
    drafting.slow_down()
    names = ["M001_first.rtdc", "second.rtdc"]
    drafting.expect_files(names)
    resources = shown(draft["id"])["resources"]
    assert [one["name"] for one in resources] == names
    for resource, path in zip(resources, measurements, strict=True):
        content = path.read_bytes()
        assert resource["etag"] == hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_a_lost_connection_is_said_and_overcome(drafting, draft, measurements, served):
    drafting.open(draft["id"])
    drafting.page.route(f"{served.s3_endpoint}/**", lambda route: route.abort())
    drafting.choose(measurements[1])
    row = drafting.file("second.rtdc")
    expect(row).to_contain_text("The object store cannot be reached. Trying again in")
    drafting.picture("unreachable")
    drafting.page.unroute_all()
    drafting.expect_files(["second.rtdc"])


def test_a_cancelled_upload_leaves_nothing_behind(drafting, draft, measurements, shown):
    drafting.open(draft["id"])
    drafting.slow_down(300_000)
    drafting.choose(measurements[1])
    drafting.expect_progress("second.rtdc", 50_000)
    with drafting.page.expect_response("**/action/dcor_upload_cancel") as answer:
        drafting.file("second.rtdc").get_by_role("button", name="Remove").click()
        drafting.find("dialog").get_by_role("button", name="Remove").click()
    assert answer.value.ok
    expect(drafting.file("second.rtdc")).to_have_count(0)
    drafting.reload()
    expect(drafting.find("#dcor-file-list > li")).to_have_count(0)
    assert shown(draft["id"])["resources"] == []


def test_what_cannot_be_uploaded_is_said_at_once(drafting, draft, tmp_path):
    path = tmp_path / "letter.docx"
    path.write_bytes(b"text")
    drafting.open(draft["id"])
    drafting.choose(path)
    expect(drafting.find("#dcor-refused")).to_contain_text("letter.docx")
    expect(drafting.find("#dcor-refused")).to_contain_text(".rtdc .ini")
