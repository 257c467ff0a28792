"""Researchers without any program but a browser publish their measurements."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
from playwright.sync_api import expect

from dcor_shared.testing.measurements import write_measurement

from .drafting import Drafting, sign_up
from .markup import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Route

    from tests.harness.people import Person
    from tests.harness.served import Served

GIB = 2**30
AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def researcher(served: Served) -> Person:
    """Somebody with an account and nothing else."""
    return sign_up(served)


@pytest.fixture
def at_work(
    chromium: Browser, served: Served, researcher: Person
) -> Iterator[Callable[..., Drafting]]:
    """Signs the researcher in: ``at_work(**context)``; complaints of the page fail the test."""
    begun: list[Drafting] = []

    def begin(**context: Any) -> Drafting:
        begun.append(Drafting.begin(chromium, served, researcher, **context))
        return begun[-1]

    yield begin
    for drafting in begun:
        drafting.context.close()
        assert drafting.complaints == []


@pytest.fixture
def drafting(at_work: Callable[..., Drafting]) -> Drafting:
    """The researcher at a desk."""
    return at_work()


@pytest.fixture
def draft(served: Served, researcher: Person) -> dict[str, Any]:
    """A draft of the researcher, made by a program."""
    circle = served.call("organization_create", researcher, name=f"c-{researcher.name}")
    return served.call(
        "package_create",
        researcher,
        title="A draft",
        authors="Peter Pan",
        license_id="CC-BY-4.0",
        owner_org=circle["id"],
        state="draft",
        private=True,
    )


@pytest.fixture(scope="module")
def measurements(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two measurements, one of them with a name that the site does not take as it is."""
    folder = tmp_path_factory.mktemp("measurements")
    paths = [folder / "M001 first.RTDC", folder / "second.rtdc"]
    for number, path in enumerate(paths):
        write_measurement(path, events=200, seed=number)
    return paths


@pytest.fixture
def shown(served: Served, researcher: Person) -> Callable[[str], dict[str, Any]]:
    """A dataset as the API shows it."""
    return lambda dataset_id: served.call("package_show", researcher, id=dataset_id)


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


def test_the_keyboard_is_enough(drafting, served, researcher, measurements):
    served.call("organization_create", researcher, name=f"c-{researcher.name}")
    # The dialog of the browser itself can only be answered if it is the old one.
    drafting.page.add_init_script("delete window.showOpenFilePicker")
    # From now on the browser hands its dialogs over; to begin with that takes a moment.
    drafting.page.on("filechooser", lambda _: None)
    drafting.open_new()
    keyboard = drafting.page.keyboard
    drafting.page.locator("#dcor-title").focus()
    keyboard.type("Only keys")
    keyboard.press("Tab")
    keyboard.type("Peter Pan")
    for _ in range(3):
        keyboard.press("Tab")
        if drafting.page.evaluate("document.activeElement.id") == "dcor-license_id":
            break
    keyboard.type("Creative Commons Attribution 4")
    drafting.page.locator("#dcor-create").focus()
    keyboard.press("Enter")
    expect(drafting.find("#files-title")).to_be_focused()
    keyboard.press("Tab")
    expect(drafting.find("#dcor-choose")).to_be_focused()
    with drafting.page.expect_file_chooser() as chooser:
        keyboard.press("Enter")
    chooser.value.set_files(str(measurements[1]))
    drafting.expect_checked("second.rtdc")
    remove = drafting.file("second.rtdc").get_by_role("button", name="Remove")
    remove.focus()
    keyboard.press("Enter")
    expect(drafting.find("dialog").get_by_role("button", name="Keep")).to_be_focused()
    keyboard.press("Escape")
    expect(drafting.find("dialog")).to_have_count(0)
    expect(remove).to_be_focused()
    drafting.find("#dcor-publish").focus()
    keyboard.press("Enter")
    drafting.find("dialog").get_by_role("button", name="Publish dataset").focus()
    keyboard.press("Enter")
    drafting.page.wait_for_url(re.compile(r"/dataset/only-keys"))


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


def test_nothing_typed_is_lost(drafting, shown):
    drafting.open_new()
    drafting.fill(title="Typed before there was a draft")
    drafting.reload()
    expect(drafting.find("#dcor-title")).to_have_value("Typed before there was a draft")
    drafting.make_circle("Lost and found")
    drafting.fill(authors="Peter Pan", references="javascript:alert(1)")
    drafting.page.select_option("#dcor-license_id", "CC0-1.0")
    drafting.page.click("#dcor-create")
    refused = drafting.find("[data-field=references] .invalid-feedback")
    expect(refused).to_contain_text("is no reference")
    drafting.fill(references="")
    dataset_id = drafting.create()

    drafting.fill(references="ftp://x", notes="Saved all the same")
    state = drafting.find("#dcor-save-state")
    expect(state).to_have_attribute("data-state", "refused")
    assert shown(dataset_id)["notes"] == "Saved all the same"
    drafting.context.set_offline(offline=True)
    drafting.fill(notes="Typed without a connection")
    expect(state).to_have_attribute("data-state", "offline")
    drafting.context.set_offline(offline=False)
    drafting.reload()
    expect(drafting.find("#dcor-references")).to_have_value("ftp://x")
    drafting.fill(references="arxiv:1507.00466")
    drafting.expect_saved()
    dataset = shown(dataset_id)
    assert dataset["notes"] == "Typed without a connection"
    assert dataset["references"] == "arXiv:1507.00466"


def test_a_session_may_end_meanwhile(drafting, draft, shown):
    drafting.open(draft["id"])
    drafting.context.clear_cookies()
    drafting.fill(notes="Typed after the session had ended")
    state = drafting.find("#dcor-save-state")
    expect(state).to_have_attribute("data-state", "signed-out")
    other = drafting.context.new_page()
    drafting.sign_in(other)
    other.close()
    drafting.expect_saved()
    assert shown(draft["id"])["notes"] == "Typed after the session had ended"


def test_a_licence_is_loosened_on_purpose_only(drafting, draft, shown):
    drafting.open(draft["id"])
    offered = drafting.find("#dcor-license_id option").all_inner_texts()
    assert len(offered) == 2
    drafting.page.locator("#dcor-license_id").focus()
    drafting.page.keyboard.press("End")
    drafting.find("dialog").get_by_role("button", name="Keep it").click()
    expect(drafting.find("#dcor-license_id")).to_have_value("CC-BY-4.0")
    drafting.page.locator("#dcor-license_id").focus()
    drafting.page.keyboard.press("End")
    with drafting.page.expect_response("**/action/package_revise"):
        drafting.find("dialog").get_by_role("button", name="Change the licence").click()
    drafting.expect_saved()
    assert shown(draft["id"])["license_id"] == "CC0-1.0"


def test_a_draft_can_be_deleted(drafting, draft, served, researcher):
    drafting.open(draft["id"])
    drafting.page.click("#dcor-delete")
    drafting.find("dialog").get_by_role("button", name="Delete").click()
    drafting.page.wait_for_url("**/dashboard/datasets")
    with pytest.raises(requests.HTTPError, match="404"):
        served.call("package_show", researcher, id=draft["id"])


def test_the_button_of_the_site_leads_here(drafting, served):
    drafting.page.goto(f"{served.url}/dashboard/datasets")
    drafting.page.get_by_role("link", name="Add Dataset").click()
    drafting.wait_until_loaded()


@pytest.mark.parametrize(
    ("width", "theme"), [(360, "light"), (390, "dark"), (768, "light"), (1280, "dark")]
)
def test_everybody_can_use_it(at_work, draft, measurements, width, theme):
    drafting = at_work(viewport={"width": width, "height": 800})
    drafting.use_theme(theme)
    for path in (None, draft["id"]):
        drafting.open(path) if path else drafting.open_new()
        if path:
            drafting.choose(measurements[1])
            drafting.expect_checked("second.rtdc")
            row = drafting.file("second.rtdc")
            row.get_by_text("Description and experimental details").click()
        drafting.picture(f"{width}-{theme}-{'draft' if path else 'new'}")
        assert barriers(drafting) == []
        assert too_wide(drafting) == []


def too_wide(drafting: Drafting) -> list[str]:
    """What sticks out of the editor; CKAN's own frame is some pixels wider than a phone."""
    return drafting.find("#dcor-editor").evaluate(
        """editor => [...editor.querySelectorAll("*")]
            .filter(one => one.getBoundingClientRect().right > editor.getBoundingClientRect().right)
            .map(one => one.outerHTML.slice(0, 200))"""
    )


def barriers(drafting: Drafting) -> list[str]:
    """What axe finds wrong with the editor for people who cannot see or point."""
    drafting.page.evaluate(AXE.read_text("utf-8"))
    found = drafting.page.evaluate("axe.run('#dcor-editor', {resultTypes: ['violations']})")
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


def test_the_strictest_policy_is_enough(drafting, draft, served, measurements):
    policy = (
        "default-src 'none'; script-src 'self'; worker-src 'self'; img-src 'self' data:;"
        " style-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
        f" connect-src 'self' {served.s3_endpoint}"
    )

    def answer(route: Route) -> None:
        found = route.fetch()
        headers = found.headers | {"content-security-policy": policy}
        route.fulfill(response=found, headers=headers)

    # Chromium does not know where an answer that was changed on its way comes from.
    drafting.context.grant_permissions(["local-network-access"])
    drafting.page.route("**/dataset/draft/*", answer)
    drafting.open(draft["id"])
    drafting.choose(measurements[1])
    drafting.expect_files(["second.rtdc"])
