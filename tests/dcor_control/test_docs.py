"""The documentation leads nowhere that is not there."""

from __future__ import annotations

import re

import pytest

from dcor_control.local.layout import CHECKOUT

PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]


def name(page):
    return str(page.relative_to(CHECKOUT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_page_to_begin_with_names_only_modules_that_exist():
    page = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = {found.rpartition("…/")[2] for found in re.findall(r"`([\w/…-]+\.py)`", page)}
    folders = [path for room in ("dcor_*", "ckanext-*", "tests") for path in CHECKOUT.glob(room)]
    known = [str(path) for folder in folders for path in folder.rglob("*.py")]
    assert len(named) > 15
    assert [file for file in named if not any(path.endswith(f"/{file}") for path in known)] == []
