"""The reference page lists everything, explained, and is as the code."""

from __future__ import annotations

from dcor_control import reference


def test_the_page_is_up_to_date():
    assert reference.PAGE.read_text(encoding="utf-8") == reference.render(), "run: make docs"


def test_everything_is_explained():
    assert reference.unexplained() == []


def test_something_of_every_kind_is_listed():
    page = reference.render()
    for name in (
        "ckanext.dc_serve.tmp_dir",
        "dcserv",
        "/user/confirm/<id>",
        "describe",
        "ckan run-jobs-dc-view",
        "dcor jobs failed",
    ):
        assert f"| `{name}` |" in page
