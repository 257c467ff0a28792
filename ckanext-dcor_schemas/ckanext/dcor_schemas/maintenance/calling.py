"""Calls of actions by scripts, beyond all permissions."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk


def call(action: str, **data: Any) -> Any:
    """Call an action as the site itself."""
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return tk.get_action(action)({"ignore_auth": True, "user": site_user["name"]}, data)


def why(error: Exception) -> str:
    """What is wrong, in one line; the session of the failed call is given up."""
    model.Session.rollback()
    text = getattr(error, "error_dict", None) or error
    return f"{type(error).__name__}: {text}"
