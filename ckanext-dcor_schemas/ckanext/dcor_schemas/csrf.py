"""CSRF protection that stays on.

CKAN 2.12.0 exempts a *view* from the check when a request needs none (token, anonymous), and this
exemption lasts for the rest of the process (CVE-2026-41255). Here it lasts for one request.
"""

from __future__ import annotations

from typing import Any

from flask import g, has_request_context
from flask_wtf.csrf import CSRFProtect

from ckan.config.middleware import flask_app


class PerRequestCSRF(CSRFProtect):
    """Turns an exemption that is made while a request is handled into one for that request."""

    def exempt(self, view: Any) -> Any:
        """Exempt this request (inside one) or the view (while the application is built)."""
        if not has_request_context():
            return super().exempt(view)
        g.dcor_schemas_csrf_exempt = True
        return view

    def protect(self, *args: Any, **kwargs: Any) -> None:
        """Check the token unless this request was exempted."""
        if not g.get("dcor_schemas_csrf_exempt"):
            super().protect(*args, **kwargs)


def repair_csrf() -> None:
    """Replace CKAN's protection object; CKAN versions that are repaired are left alone.

    To be called before the Flask application is built, i.e. from ``update_config``.
    """
    repaired = hasattr(flask_app.csrf, "exempt_this_request")
    if not repaired and not isinstance(flask_app.csrf, PerRequestCSRF):
        flask_app.csrf = PerRequestCSRF()
