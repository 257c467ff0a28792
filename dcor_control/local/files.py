"""Small files of an instance: written at once or not at all, readable by whom they are for.

Run as a program (``python -m dcor_control.local.files PATH MODE always|if-changed``) it writes
what it reads from stdin. That is how root writes into a folder of the services' account: as that
account, whom a link in the place of the file leads nowhere it could not go by itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcor_control.errors import ControlError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcor_control.local.account import Account

#: What a table of a small TOML file may hold.
Value = str | int | bool
Tables = dict[str, dict[str, Value]]
_ALWAYS, _IF_CHANGED = "always", "if-changed"
_WRITTEN = "written"


class UnwritableFileError(ControlError):
    """The services' account cannot write one of its own files."""

    def __init__(self, account: Account, path: Path, reason: str) -> None:
        super().__init__(
            f"The account '{account.name}' cannot write {path}: {reason.strip()[-1000:]}\n"
            f"Look at the owner and the permissions of its folder."
        )


def write_atomically(
    path: Path, text: str, *, mode: int = 0o600, account: Account | None = None
) -> None:
    """Replace the file at `path` by `text`, never leaving half of it behind.

    Parameters
    ----------
    mode
        Permissions; they hold from the first byte on.
    account
        Who writes and owns the file; None is the present user.

    Raises
    ------
    UnwritableFileError
        If another account has to write it and cannot.
    """
    if account is not None and not account.is_present_user:
        _write_as(account, path, text, mode, when=_ALWAYS)
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as fd:
            fd.write(text)
            os.fchmod(fd.fileno(), mode)
        draft.replace(path)
    finally:
        # It is there only if it has not become the file.
        draft.unlink(missing_ok=True)


def write_if_changed(
    path: Path, text: str, *, mode: int = 0o600, account: Account | None = None
) -> bool:
    """Write `text` unless the file holds it already; True if it was written."""
    if account is not None and not account.is_present_user:
        return _write_as(account, path, text, mode, when=_IF_CHANGED)
    if _holds(path, text):
        return False
    write_atomically(path, text, mode=mode)
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


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode("utf-8")
    except OSError:
        # Missing or unreadable: it is written anew, and that tells what is wrong.
        return False


def _write_as(account: Account, path: Path, text: str, mode: int, *, when: str) -> bool:
    """Let a child that runs as `account` write the file; True if it was written."""
    done = subprocess.run(
        [sys.executable, "-m", __spec__.name, str(path), f"{mode:o}", when],
        check=False,
        input=text.encode("utf-8"),
        capture_output=True,
        cwd="/",
        env={"LANG": "C.UTF-8"},
        **account.identity(),
    )
    if done.returncode != 0:
        raise UnwritableFileError(account, path, done.stderr.decode(errors="replace"))
    return bool(done.stdout == _WRITTEN.encode())


def _main(path: Path, mode: int, when: str) -> None:
    text = sys.stdin.buffer.read().decode("utf-8")
    if when == _ALWAYS:
        write_atomically(path, text, mode=mode)
    elif not write_if_changed(path, text, mode=mode):
        return
    sys.stdout.write(_WRITTEN)


def _key(name: str) -> str:
    """The name as TOML wants it: letters, digits, ``_`` and ``-`` stand bare."""
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else json.dumps(name)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2], 8), sys.argv[3])
