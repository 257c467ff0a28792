"""Digests of what an instance was made from, to know what has to be done again."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from typing import TYPE_CHECKING

from dcor_control.local.layout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SOURCES = ("dcor_shared", "dcor_control", "ckanext-*/ckanext")
_MIGRATIONS = "ckanext-*/ckanext/*/migration/**/*"


def schema_digest(plugins: str) -> str:
    """Changes with every migration, with CKAN's version and with the names of the plugins."""
    digest = hashlib.sha256(f"{version('ckan')} {plugins}".encode())
    for path in _files(CHECKOUT.glob(_MIGRATIONS)):
        digest.update(str(path.relative_to(CHECKOUT)).encode() + path.read_bytes())
    return digest.hexdigest()


def code_digest() -> str:
    """Changes when a file of the suite was edited: then running programs are outdated."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for folder in sorted(CHECKOUT.glob(pattern)):
            for path in _files(folder.rglob("*")):
                found = path.stat()
                digest.update(f"{path} {found.st_mtime_ns} {found.st_size}\n".encode())
    return digest.hexdigest()


def _files(paths: Iterable[Path]) -> list[Path]:
    return sorted(p for p in paths if p.is_file() and "__pycache__" not in p.parts)
