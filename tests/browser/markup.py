"""The two pages as the plugin's templates make them, on as strict a policy as can be."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader
from markupsafe import Markup

if TYPE_CHECKING:
    from .site import Site

CHECKOUT = Path(__file__).resolve().parents[2]
_PLUGIN = CHECKOUT / "ckanext-dc_view" / "ckanext" / "dc_view"
ASSETS, TEMPLATES = _PLUGIN / "assets", _PLUGIN / "templates"
#: No inline script, no inline style, no eval, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' {store}; "
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
_METADATA = Markup("""<table class="table dc_view"><caption>Experiment</caption>
<tbody>{rows}</tbody></table>""")
_ROW = Markup(
    '<tr><th scope="row" class="dataset-labels">{label}</th>'
    '<td class="dataset-details">{text}</td></tr>'
)
#: What only CKAN knows: assets are linked by the page here, snippets are included.
_ASSET = re.compile(r"\{% asset '[^']+' %\}")
_SNIPPET = re.compile(r"\{% snippet '([^']+)', (\w+=\w+(?:, \w+=\w+)*) %\}")


def overview_page(site: Site) -> str:
    """The page with the viewer."""
    rows = site.measurement.metadata["sections"][0]["rows"]
    lines = [_ROW.format(label=row["label"], text=row["text"]) for row in rows]
    metadata = _METADATA.format(rows=Markup("").join(lines))
    body = _rendered("dc_view.html", site, metadata_html=metadata)
    return _page(site, body, "viewer")


def logs_page(site: Site) -> str:
    """The page with logs and tables."""
    return _page(site, _rendered("dc_view_log.html", site), "logs")


def _rendered(name: str, site: Site, **more: Any) -> str:
    environment = Environment(loader=FunctionLoader(_source), autoescape=True)
    helpers = SimpleNamespace(dump_json=json.dumps, csrf_input=lambda: "")
    given = {"_": str, "h": helpers, "dc_view_state": site.page_state()}
    given |= {"preview_url": "/r/preview.jpg"} | more
    return environment.get_template(name).render(given)


def _source(name: str) -> str:
    text = _ASSET.sub("", (TEMPLATES / name).read_text("utf-8"))
    return _SNIPPET.sub(r"{% with \2 %}{% include '\1' %}{% endwith %}", text)


def _page(site: Site, body: str, script: str) -> str:
    paths = ["build/uplot.css", *(f"css/{name}.css" for name in _STYLES)]
    styles = "".join(f'<link rel="stylesheet" href="/assets/{path}">' for path in paths)
    title = escape(site.measurement.name)
    theme = f' data-bs-theme="{escape(site.theme)}"' if site.theme else ""
    return _PAGE.format(theme=theme, styles=styles, title=title, body=body, script=script)
