"""The two pages as the plugin's templates make them, on as strict a policy as can be."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from .texts import METADATA

if TYPE_CHECKING:
    from .site import Site

CHECKOUT = Path(__file__).resolve().parents[2]
ASSETS = CHECKOUT / "ckanext-dc_view" / "ckanext" / "dc_view" / "assets"
#: No inline script, no inline style, no eval, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self' {store}"
)
STYLE = (
    "*{box-sizing:border-box}body{margin:0;font-family:system-ui,'DejaVu Sans',sans-serif;"
    "background:#fff;color:#222}[data-bs-theme=dark] body{background:#212529;color:#dee2e6}"
    "main{max-width:1000px;margin:0 auto;padding:0 12px}"
)
_STYLES = ("tokens", "controls", "viewer", "tables", "logs")
_PAGE = """<!doctype html>
<html lang="en"{theme}><head><meta charset="utf-8"><title>Resource</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf_field_name" content="_csrf_token"><meta name="_csrf_token" content="t0k3n">
<link rel="stylesheet" href="/page.css">{styles}</head>
<body><main><h1>{title}</h1>{body}</main><script src="/assets/build/{script}.js"></script></body>
</html>"""
_OVERVIEW = """
<div id="dc-view" data-view="overview" data-state="{state}"></div>
<div class="dc-view-fallback"><p>The plot needs a script.</p></div>
<div class="dc-view-columns"><table class="table dc_view"><caption>Experiment</caption>
<tbody>{rows}</tbody></table></div>"""
_ROW = (
    '<tr><th scope="row" class="dataset-labels">{label}</th>'
    '<td class="dataset-details">{text}</td></tr>'
)
_LOGS = '<div id="dc-log-view" data-view="logs" data-state="{state}"></div>'


def overview_page(site: Site) -> str:
    """The page with the viewer."""
    rows = "".join(
        _ROW.format(label=escape(row["label"]), text=escape(row["text"]))
        for row in METADATA["sections"][0]["rows"]
    )
    return _page(site, _OVERVIEW.format(state=_state(site), rows=rows), "viewer")


def logs_page(site: Site) -> str:
    """The page with logs and tables."""
    return _page(site, _LOGS.format(state=_state(site)), "logs")


def _page(site: Site, body: str, script: str) -> str:
    paths = ["build/uplot.css", *(f"css/{name}.css" for name in _STYLES)]
    styles = "".join(f'<link rel="stylesheet" href="/assets/{path}">' for path in paths)
    title = escape(site.measurement.name)
    theme = f' data-bs-theme="{escape(site.theme)}"' if site.theme else ""
    return _PAGE.format(theme=theme, styles=styles, title=title, body=body, script=script)


def _state(site: Site) -> str:
    return escape(json.dumps(site.page_state()), quote=True)
