"""New users prove that their mail address is theirs before they can sign in.

Switched on by ``ckanext.dcor_schemas.confirm_email`` for the web form; users that a program or a
sysadmin makes are not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from ckan import model
from ckan.lib import helpers, mailer
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import config
from ckanext.dcor_schemas.mail import outbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context, Response

blueprint = Blueprint("dcor_schemas_confirmation", __name__)

_SUBJECT = "Please confirm your mail address"
_BODY = """\
Somebody, hopefully you, has signed up at {title} as {name}.

Please confirm that this is your mail address:

{link}

If it was not you, please ignore this message.
"""


def is_needed(context: Context) -> bool:
    """Whether a new user has to confirm the address: the form of the site is the only way."""
    return config.confirm_email() and "api_version" not in context


def ask(user_id: str) -> None:
    """Let a new user, not committed yet, wait for the confirmation of the address."""
    user = model.User.get(user_id)
    user.set_pending()
    user.reset_key = mailer.make_key()
    link = helpers.url_for(
        "dcor_schemas_confirmation.confirm", id=user.id, key=user.reset_key, qualified=True
    )
    title = str(tk.config.get("ckan.site_title") or "CKAN")
    body = _BODY.format(title=title, name=user.name, link=link)
    outbox.add(model.Session(), user.display_name, user.email, f"{title}: {_SUBJECT}", body)
    tk.h.flash_notice(
        tk._("Your account was made. Please follow the link in the mail that you are sent.")
    )


@blueprint.route("/user/confirm/<id>", methods=["GET", "POST"])
def confirm(id: str) -> Response | str:  # noqa: A002
    """The page behind the link; opening it changes nothing, as mail scanners do that as well."""
    user = _user_of_link(id, tk.request.args)
    if user is None:
        tk.abort(404, tk._("This link is not valid (any more)"))
    if tk.request.method == "GET":
        return tk.render("dcor_schemas/confirm_email.html", extra_vars={"name": user.name})
    user.activate()
    user.reset_key = None
    model.repo.commit()
    tk.h.flash_success(tk._("Thank you, your mail address is confirmed. You can log in now."))
    return tk.redirect_to("user.login")


def _user_of_link(user_id: str, arguments: Mapping[str, Any]) -> model.User | None:
    user = model.User.get(user_id)
    if user is None or not user.is_pending():
        return None
    return user if mailer.verify_reset_link(user, arguments.get("key")) else None
