"""Everybody finds their way: no page of the site complains, bars anybody, or leads nowhere."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
import requests
from playwright.sync_api import expect

from dcor_shared.testing.measurements import write_measurement

from .drafting import PASSWORD, sign_up
from .uploads import upload
from .visiting import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from tests.harness.served import Served

    from .uploads import Dataset


@pytest.fixture(scope="module")
def dataset(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A public dataset with a measurement and a note."""
    folder = tmp_path_factory.mktemp("files")
    path = folder / "measured.rtdc"
    write_measurement(path, events=200)
    return upload(served, [path], private=False)


@pytest.fixture
def arrive(chromium: Browser, served: Served) -> Iterator[Callable[..., Visitor]]:
    """Brings visitors: ``arrive(role, **context)``."""
    begun: list[Visitor] = []

    def arrive(role: str = "anonymous", **context: object) -> Visitor:
        visitor = Visitor.arrive(chromium, served, **context)
        begun.append(visitor)
        if role == "owner":
            visitor.sign_in("alice", "correct-horse-2")
        elif role == "sysadmin":
            visitor.sign_in("admin", "correct-horse-1")
        elif role == "newcomer":
            visitor.sign_in(sign_up(served).name, PASSWORD)
        visitor.take()
        return visitor

    yield arrive
    for visitor in begun:
        visitor.context.close()


def pages(dataset: Dataset, role: str) -> dict[str, str]:
    """What somebody looks at, by a short name."""
    found = {
        "home": "/",
        "datasets": "/dataset/",
        "dataset": f"/dataset/{dataset.id}",
        "file": dataset.page("measured.rtdc"),
        "circles": "/organization/",
        "collections": "/group/",
        "about": "/about",
    }
    if role == "anonymous":
        return found | {"login": "/user/login", "sign-up": "/user/register"}
    found |= {
        "new-circle": "/organization/new",
        "new-collection": "/group/new",
        "new-dataset": "/dataset/draft/new",
        "dashboard": "/dashboard/datasets",
        "profile": "/user/edit",
        "tokens": "/user/{me}/api-tokens",
    }
    if role in {"owner", "sysadmin"}:
        found["edit"] = f"/dataset/edit/{dataset.id}"
    return found


@pytest.mark.parametrize("role", ["anonymous", "newcomer", "owner", "sysadmin"])
def test_pages_work_and_bar_nobody(arrive, dataset, role):
    visitor = arrive(role)
    found = {}
    for name, path in pages(dataset, role).items():
        visitor.open(path)
        visitor.picture(f"{role}-{name}")
        found[name] = visitor.take() + visitor.barriers() + visitor.take()
    assert {name: problems for name, problems in found.items() if problems} == {}


def test_pages_fit_a_phone(arrive, dataset):
    visitor = arrive("owner", viewport={"width": 390, "height": 844})
    found = {}
    for name, path in pages(dataset, "owner").items():
        visitor.open(path)
        visitor.picture(f"phone-{name}")
        found[name] = visitor.too_wide()
    assert {name: pixels for name, pixels in found.items() if pixels > 0} == {}


def test_newcomers_sign_up_and_learn_what_is_wrong(arrive, served):
    visitor = arrive()
    visitor.open("/user/register")
    page, name = visitor.page, f"n{uuid.uuid4().hex[:10]}"
    given = {"username": name, "fullname": "Tinker/Bell", "email": "tinker"}
    given |= {"password": PASSWORD, "confirm-password": PASSWORD}
    for field, value in given.items():
        page.fill(f"#field-{field}", value)
    page.evaluate("document.querySelector('#user-register-form').noValidate = true")
    page.get_by_role("button", name="Create Account").click()
    expect(page.locator(".form-group", has_text="Full Name")).to_contain_text("slashes")
    expect(page.locator(".form-group", has_text="Email")).to_contain_text("valid e-mail address")
    expect(page.locator("#field-username")).to_have_value(name)
    visitor.picture("sign-up-refused")
    assert visitor.barriers() == []
    page.fill("#field-fullname", "Tinker Bell")
    page.fill("#field-email", f"{name}@example.org")
    page.fill("#field-password", PASSWORD)
    page.fill("#field-confirm-password", PASSWORD)
    page.get_by_role("button", name="Create Account").click()
    expect(page.locator(".account-masthead")).to_contain_text("Tinker Bell")
    assert visitor.take() == []


def test_a_token_is_made_copied_and_revoked(arrive):
    visitor = arrive("newcomer")
    visitor.open("/user/{me}/api-tokens")
    page = visitor.page
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Create API Token").click()
    expect(page.locator(".dcor-token")).to_contain_text("ey")
    visitor.picture("token")
    page.get_by_label("My laptop").check()
    page.get_by_role("button", name="Revoke ticked tokens").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_label("My laptop")).to_have_count(0)
    assert visitor.take() == []


@pytest.mark.parametrize("role", ["anonymous", "newcomer", "owner", "sysadmin"])
def test_no_link_leads_nowhere(arrive, served, dataset, role):
    visitor = arrive(role)
    cookies = {one["name"]: one["value"] for one in visitor.context.cookies()}
    known: dict[str, list[str]] = {}
    for name, path in pages(dataset, role).items():
        visitor.open(path)
        for link in visitor.links():
            known.setdefault(link, []).append(name)
    broken = {}
    for link, places in known.items():
        if "/user/logged_out" in link or "_logout" in link:
            continue
        with requests.get(served.url + link, cookies=cookies, stream=True, timeout=60) as answer:
            if answer.status_code >= 400:
                broken[link] = (answer.status_code, places)
    assert broken == {}
