"""CKAN's own views and forms for files, with the policy of the site."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from dcor_shared.testing.measurements import write_measurement

from .uploads import Dataset, upload
from .visiting import Visitor

TEXT = "first line\n<script>window.hacked=1</script>\n"
FILES = {"notes.txt": TEXT, "settings.txt": '{"rate": [1, 2], "<b>": "<img src=x>"}'}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("files")
    for name, text in FILES.items():
        (made / name).write_text(text)
    write_measurement(made / "measured.rtdc", events=20)
    cv2.imwrite(str(made / "channel.png"), np.full((40, 60), 128, "u1"))
    return made


@pytest.fixture(scope="module", params=["public", "private"])
def dataset(served, folder, request) -> Dataset:
    """A dataset with texts, one of them JSON, and a picture."""
    private = request.param == "private"
    made = upload(served, sorted(folder.iterdir()), private=private)
    given = {"id": made.resources["settings.txt"], "format": "JSON"}
    served.call("resource_patch", served.admin, **given)
    return made


@pytest.fixture
def visitor(chromium, served):
    """Somebody who may see everything."""
    made = Visitor.arrive(chromium, served)
    made.sign_in("admin", "correct-horse-1")
    made.take()
    yield made
    made.context.close()


def test_texts_are_shown(visitor, dataset):
    visitor.open(dataset.page("notes.txt"))
    assert visitor.take() == []
    shown = visitor.page.frame_locator("iframe").locator("pre pre")
    expect(shown).to_have_text(TEXT)
    visitor.open(dataset.page("settings.txt"))
    shown = visitor.page.frame_locator("iframe").locator("pre")
    expect(shown).to_contain_text('"<b>": "<img src=x>"')
    visitor.picture("text-view")
    assert visitor.take() == []


def test_pictures_are_shown(visitor, dataset):
    visitor.open(dataset.page("channel.png"))
    width = visitor.page.locator(".resource-view img").evaluate("one => one.naturalWidth")
    assert width == 60
    assert visitor.take() == []


def test_the_form_for_files_works(visitor, dataset):
    page = visitor.page
    visitor.open(f"/dataset/{dataset.id}/resource/new")
    page.get_by_role("button", name="Link to a URL").click()
    expect(page.locator("#field-resource-url")).to_be_focused()
    page.get_by_role("button", name="Remove").filter(visible=True).click()
    expect(page.locator("#resource-url-none")).to_be_checked()
    with page.expect_file_chooser():
        page.get_by_role("button", name="Upload a file").click()
    visitor.open(f"/dataset/{dataset.id}/resource/{dataset.resources['notes.txt']}/edit")
    expect(page.locator("#field-name")).to_have_value("notes.txt")
    assert visitor.take() == []


def test_the_forms_for_views_work(visitor, dataset):
    visitor.open(f"/dataset/{dataset.id}/resource/{dataset.resources['notes.txt']}/views")
    visitor.page.get_by_role("link", name="Text").first.click()
    visitor.page.get_by_role("button", name="Preview").click()
    shown = visitor.page.frame_locator("iframe").locator("pre pre")
    expect(shown).to_have_text(TEXT)
    assert visitor.take() == []
