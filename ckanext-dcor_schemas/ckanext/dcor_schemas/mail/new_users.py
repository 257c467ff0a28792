"""The maintainer of the site is told who signs up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import config
from ckanext.dcor_schemas.mail import outbox

if TYPE_CHECKING:
    from ckan.model import User

_SHOWN_OF_ABOUT = 20


def note(_sender: str, user: User, **_kwargs: Any) -> None:
    """Note a message about a new user in the transaction that makes the user."""
    address = str(tk.config.get("email_to") or "")
    if "@" not in address or not config.notify_user_create():
        return
    subject, body = compose(user)
    outbox.add(model.Session(), f"{_site_title()} Maintainer", address, subject, body)


def compose(user: User) -> tuple[str, str]:
    """Subject and body of the message about a new user."""
    subject = f"New user {user.name} at {_site_title()} ({tk.config['ckan.site_url']})"
    about = (user.about or "")[:_SHOWN_OF_ABOUT]
    body = (
        f"A new user signed up at {_site_title()}:\n\n"
        f"Full name: {user.fullname or ''}\n"
        f"Handle: {user.name}\n"
        f"E-mail: {user.email or ''}\n"
        f"About: {about}...\n"
    )
    return subject, body


def _site_title() -> str:
    return str(tk.config.get("ckan.site_title") or "CKAN")
