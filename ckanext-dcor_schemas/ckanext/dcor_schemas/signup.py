"""Checks of sign-up data: one message per field, none of which repeats what was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ckan import authz, logic, model
from ckan.logic.schema import default_user_schema
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import config
from ckanext.dcor_schemas.mail import confirmation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ckan.types import Context, DataDict

_LONGEST_NAME = 40
_NOT_ACCEPTED = "This value is not accepted; please choose another one"
_PICTURES = (".png", ".jpg", ".jpeg")
_ADDRESS = re.compile(r"[^@\s]+@(?P<domain>[^@\s]+\.[^@\s.]+)")


def problems(data: DataDict, denied: Iterable[str], allowed: Iterable[str]) -> dict[str, str]:
    """What is wrong with sign-up data, by field.

    Parameters
    ----------
    data
        What was sent; fields that are absent are not judged.
    denied, allowed
        Mail domains (``example.org`` stands for its subdomains, too); if there are allowed ones,
        no others are accepted.
    """
    found = {field: _name_problem(data.get(field)) for field in ("name", "fullname")}
    found["image_url"] = _picture_problem(data.get("image_url"))
    if "email" in data:
        found["email"] = _email_problem(str(data["email"] or ""), denied, allowed)
    return {field: problem for field, problem in found.items() if problem}


def _name_problem(value: object) -> str:
    text = str(value or "")
    if "/" in text:
        return "Names must not contain slashes"
    if len(text) > _LONGEST_NAME:
        return f"Names must not be longer than {_LONGEST_NAME} characters"
    return ""


def _picture_problem(value: object) -> str:
    if value and not str(value).lower().endswith(_PICTURES):
        return f"Pictures must have one of the suffixes {', '.join(_PICTURES)}"
    return ""


def _email_problem(address: str, denied: Iterable[str], allowed: Iterable[str]) -> str:
    match = _ADDRESS.fullmatch(address.strip())
    if not match:
        return "Please enter a valid e-mail address"
    domain, allowed = match["domain"].lower(), list(allowed)
    if _is_in(domain, denied) or (allowed and not _is_in(domain, allowed)):
        return "Addresses of this mail provider are not accepted; please use that of your institute"
    return ""


def _is_in(domain: str, domains: Iterable[str]) -> bool:
    names = [name.lower().lstrip("@.") for name in domains]
    return any(domain == name or domain.endswith(f".{name}") for name in names)


@tk.chained_action
def user_create(
    original: Callable[..., Any], context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """Create a user, after a look at what they say about themselves.

    Raises
    ------
    ckan.plugins.toolkit.ValidationError
        With the messages of CKAN's own validation and of ours, by field.
    """
    if context.get("ignore_auth") or authz.is_sysadmin(context.get("user")):
        created: dict[str, Any] = original(context, data_dict)
        return created
    tk.check_access("user_create", context, data_dict)
    _check(context, data_dict)
    if confirmation.is_needed(context):
        return _create_unconfirmed(original, context, data_dict)
    return dict(original(context, data_dict))


def _create_unconfirmed(
    original: Callable[..., Any], context: Context, data_dict: DataDict
) -> dict[str, Any]:
    """User and request for confirmation in one transaction."""
    context["defer_commit"] = True
    created: dict[str, Any] = original(context, data_dict)
    confirmation.ask(created["id"])
    del context["defer_commit"]
    with logic.guard_against_duplicated_email(created.get("email") or ""):
        model.repo.commit()
    return created


def _check(context: Context, data_dict: DataDict) -> None:
    denied, allowed = config.denied_mail_domains(), config.allowed_mail_domains()
    schema = context.get("schema") or default_user_schema()
    _data, errors = tk.navl_validate(dict(data_dict), schema, context)
    errors = {field: _without_echo(field, texts, data_dict) for field, texts in errors.items()}
    for field, problem in problems(data_dict, denied, allowed).items():
        errors[field] = [problem]
    if errors:
        raise tk.ValidationError(errors)


def _without_echo(field: str, texts: list[Any], data_dict: DataDict) -> list[Any]:
    """Messages of CKAN; those that repeat what was sent are replaced."""
    sent = str(data_dict.get(field) or "")
    return [_NOT_ACCEPTED if sent and sent in str(text) else text for text in texts]
