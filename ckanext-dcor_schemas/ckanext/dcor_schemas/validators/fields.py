"""Validators of single values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import licences, messages, text
from ckanext.dcor_schemas.validators.callers import is_unrestricted

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey


#: Largest number of PostgreSQL's type bigint.
_LARGEST_SIZE = 2**63 - 1


def _checked(function: Callable[[Any], str], value: Any) -> str:
    try:
        return function(value)
    except text.BadTextError as error:
        raise tk.Invalid(str(error)) from error


def authors(
    key: FlattenKey,
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,  # noqa: ARG001
) -> None:
    """Comma-separated authors; at least one."""
    value = data.get(key)
    data[key] = text.authors("" if value is tk.missing or value is None else value)
    if not data[key]:
        _stop(key, errors, tk._("Missing value"))


def _stop(key: FlattenKey, errors: FlattenErrorDict, message: str) -> None:
    """One message per field is enough: the validators that follow are left out."""
    errors[key].append(message)
    raise tk.StopOnError


def doi(value: Any) -> str:
    """A DOI without the link around it."""
    return _checked(text.doi, value)


def references(value: Any) -> str:
    """Comma-separated links, DOIs, arXiv and bioRxiv identifiers."""
    return _checked(text.references, value)


def uuid(value: Any) -> Any:
    """A UUID in the canonical spelling."""
    if not text.is_uuid(value):
        raise tk.Invalid(tk._("Must be a valid UUID (lower case, with dashes)"))
    return value


def file_size(value: Any) -> Any:
    """A number of bytes that the database can store."""
    if isinstance(value, int) and not 0 <= value <= _LARGEST_SIZE:
        raise tk.Invalid(tk._("Must be a number of bytes, not negative and below 2^63"))
    return value


def only_text(value: Any) -> Any:
    """A text, or nothing at all; CKAN takes texts to pieces without looking at them."""
    if value is not tk.missing and value is not None and not isinstance(value, str):
        raise tk.Invalid(tk._("Must be text"))
    return value


def title(value: Any, context: Context) -> Any:
    """A title has to be given; it may be empty."""
    if value is tk.missing or value is None:
        if not is_unrestricted(context):
            raise tk.Invalid(tk._("Missing value"))
        return ""
    return value


def registered_licenses() -> list[tuple[str, str]]:
    """(id, title) of the licences of this site."""
    register = model.Package.get_license_register()
    return [(str(entry.id), str(entry.title)) for entry in register.values()]


def license_id(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """One of the licences of this site; none is not one of them."""
    value = data.get(key)
    if is_unrestricted(context):
        data[key] = None if value is tk.missing else value
        return
    allowed = [entry[0] for entry in licences.choosable(registered_licenses())]
    if value not in allowed:
        _stop(key, errors, messages.choose_license(allowed))
