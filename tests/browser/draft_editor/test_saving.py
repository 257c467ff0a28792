"""What is typed in the draft editor is saved, whatever happens meanwhile."""

from __future__ import annotations

from playwright.sync_api import expect


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
