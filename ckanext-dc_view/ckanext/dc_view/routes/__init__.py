"""The routes below the page of a resource; each file is one topic."""

from __future__ import annotations

from ckanext.dc_view.routes import bundle, events, preview, state, texts  # noqa: F401 - register
from ckanext.dc_view.routes.blueprint import dc_view

__all__ = ["dc_view"]
