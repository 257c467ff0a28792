"""Pagers of long lists."""

from __future__ import annotations

from ckan.lib.pagination import Page


def test_arrows_have_names(app):
    with app.flask_app.test_request_context("/organization/"):
        page = Page(range(60), page=2, items_per_page=20, url=lambda **_: "/organization/")
        said = str(page.pager(q="x"))
    assert 'aria-label="Previous page"' in said
    assert 'aria-label="Next page"' in said
    assert "symbol" not in said
