"""Puts the policy on the pages of the site."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import flask

from ckan.plugins import toolkit as tk

from dcor_shared.config import store_settings

from ckanext.dc_view import config
from ckanext.dc_view.security import policy, preloads

if TYPE_CHECKING:
    from flask import Response

_HEADERS = {
    "enforce": "Content-Security-Policy",
    "report": "Content-Security-Policy-Report-Only",
}
#: CKAN's own form for files, which only sysadmins see.
_FORMS_FOR_FILES = ("resource.new", "resource.edit")
#: CKAN's pages for views in frames.
_FRAMES = "resource.view"


def protect(response: Response) -> Response:
    """Say what the page may load, unless the answer says so itself.

    Nothing is ever taken for something else than its type says.
    """
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    name = _HEADERS.get(config.content_security())
    if name is None or response.mimetype != "text/html":
        return response
    if not any(header in response.headers for header in _HEADERS.values()):
        response.headers[name] = _policy(response)
    return response


def _policy(response: Response) -> str:
    captcha = bool(tk.config.get("ckan.recaptcha.publickey"))
    more = tuple(config.content_security_sources())
    endpoint = flask.request.endpoint or ""
    is_form = endpoint.endswith(_FORMS_FOR_FILES)
    of_frame: tuple[str, ...] = ()
    if endpoint.endswith(_FRAMES) and not response.is_streamed:
        of_frame = preloads.hashes(response.get_data(as_text=True))
    return _header(store_settings().endpoint_url, captcha, more, is_form, of_frame)


@lru_cache(maxsize=32)
def _header(
    store: str,
    has_captcha: bool,  # noqa: FBT001 - part of the key
    more: tuple[str, ...],
    is_form: bool,  # noqa: FBT001 - part of the key
    hashes: tuple[str, ...],
) -> str:
    directives = policy.merged(
        policy.site_policy(store, has_captcha=has_captcha),
        policy.handlers_in_elements() if is_form else {},
        {"script-src": hashes},
    )
    return policy.header(policy.with_more(directives, policy.parse_sources(more)))
