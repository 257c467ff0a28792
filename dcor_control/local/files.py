"""Small files of an instance: written at once or not at all, readable by whom they are for."""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcor_control.local.account import Account

#: What a table of a small TOML file may hold.
Value = str | int | bool
Tables = dict[str, dict[str, Value]]


def write_atomically(
    path: Path, text: str, *, mode: int = 0o600, account: Account | None = None
) -> None:
    """Replace the file at `path` by `text`, never leaving half of it behind.

    Parameters
    ----------
    mode
        Permissions; they hold from the first byte on.
    account
        Who shall own the file; None leaves it to the present user.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as fd:
            fd.write(text)
            os.fchmod(fd.fileno(), mode)
            if account is not None:
                os.fchown(fd.fileno(), account.uid, account.gid)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_if_changed(
    path: Path, text: str, *, mode: int = 0o600, account: Account | None = None
) -> bool:
    """Write `text` unless the file holds it already; True if it was written."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    write_atomically(path, text, mode=mode, account=account)
    return True


def read_toml(path: Path) -> Tables:
    """Tables of a TOML file; empty if there is no such file."""
    if not path.exists():
        return {}
    tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: dict(table) for name, table in tables.items()}


def toml_text(tables: Mapping[str, Mapping[str, Value]], *, heading: str) -> str:
    """Text of a TOML file made of flat tables, with `heading` as comment above."""
    blocks = [f"# {heading}"]
    for name, table in tables.items():
        # JSON's strings, numbers and booleans are TOML's as well.
        lines = [f"{_key(key)} = {json.dumps(value)}" for key, value in table.items()]
        blocks.append("\n".join([f"[{name}]", *lines]))
    return "\n\n".join(blocks) + "\n"


def _key(name: str) -> str:
    """The name as TOML wants it: letters, digits, ``_`` and ``-`` stand bare."""
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else json.dumps(name)
