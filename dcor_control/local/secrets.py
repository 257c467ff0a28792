"""Passwords and keys of an instance: generated once, kept in a 0600 file, never rotated."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING

from dcor_control.local.files import read_toml, toml_text, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HEADING = "Passwords and keys of this instance. Generated once; keep them, and keep them to you."


@dataclass(frozen=True)
class Secrets:
    """Everything that must not be known outside the instance; letters that need no escaping."""

    postgres_superuser: str = field(repr=False)
    postgres_ckan: str = field(repr=False)
    redis: str = field(repr=False)
    secret_key: str = field(repr=False)
    csrf_secret_key: str = field(repr=False)
    sysadmin_password: str = field(repr=False)
    user_password: str = field(repr=False)


def load_or_create(path: Path) -> Secrets:
    """Secrets kept at `path`; those that are missing are generated and added."""
    tables = read_toml(path)
    kept = tables.get("secrets", {})
    names = [item.name for item in fields(Secrets)]
    values = {name: str(kept.get(name) or secrets.token_urlsafe(32)) for name in names}
    if values != kept:
        tables["secrets"] = kept | asdict(Secrets(**values))
        write_atomically(path, toml_text(tables, heading=_HEADING))
    return Secrets(**values)


def kept_tokens(path: Path) -> dict[str, str]:
    """API tokens by user name, as far as they were kept at `path`."""
    return {name: str(token) for name, token in read_toml(path).get("tokens", {}).items()}


def keep_tokens(path: Path, tokens: Mapping[str, str]) -> None:
    """Keep API tokens beside the secrets."""
    tables = read_toml(path)
    tables["tokens"] = tables.get("tokens", {}) | dict(tokens)
    write_atomically(path, toml_text(tables, heading=_HEADING))
