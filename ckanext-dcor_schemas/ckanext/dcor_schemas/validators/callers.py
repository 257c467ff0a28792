"""Whom a validation is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import authz

if TYPE_CHECKING:
    from ckan.types import Context


def is_internal(context: Context) -> bool:
    """Whether this is a call of our own or of a script, beyond all permissions."""
    return bool(context.get("ignore_auth"))


def is_unrestricted(context: Context) -> bool:
    """Whether the rules for regular users do not hold: internal calls and sysadmins."""
    return is_internal(context) or authz.is_sysadmin(context.get("user"))
