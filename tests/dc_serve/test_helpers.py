"""Helpers of templates that need no database."""

from __future__ import annotations

from ckanext.dc_serve import helpers

RID = "fb719fb2-bd9f-817a-7d70-f4002af916f0"


def test_condensed_url_replaces_the_last_two_segments():
    url = f"http://dcor.local/dataset/d/resource/{RID}/download/beads.rtdc"
    assert helpers.dc_serve_condensed_url(url) == (
        f"http://dcor.local/dataset/d/resource/{RID}/condensed.rtdc"
    )


def test_every_helper_carries_the_name_of_the_plugin():
    assert all(name.startswith("dc_serve_") for name in helpers.get_helpers())
