"""Scratch folders: one per run, removed afterwards, also those of workers that were killed."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ckan.plugins import toolkit as tk

from dcor_shared.pipeline.leases import is_alive, worker_name

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

_PREFIX = "dcor-run_"


def scratch_root() -> Path:
    """Folder for scratch folders: ``ckanext.dc_serve.tmp_dir``, else one below the system's."""
    if configured := tk.config.get("ckanext.dc_serve.tmp_dir"):
        root = Path(str(configured))
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            log.warning("ckanext.dc_serve.tmp_dir cannot be used, the system's is: %s", exc)
        else:
            return root
    return _own_root()


def _own_root() -> Path:
    # Others can write to the system's folder: only a folder that is ours and closed is used.
    root = Path(tempfile.gettempdir()) / f"dcor-scratch-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    state = root.lstat()
    if root.is_symlink() or state.st_uid != os.getuid():
        raise PermissionError(
            f"{root} belongs to somebody else; remove it or set ckanext.dc_serve.tmp_dir."
        )
    return root


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder that nobody else uses and that is removed at the end."""
    owner = worker_name().replace(":", "_")
    folder = scratch_root() / f"{_PREFIX}{owner}_{uuid.uuid4().hex}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Remove the scratch folders of workers of this host that are not running; their number."""
    left = [folder for folder in scratch_root().glob(f"{_PREFIX}*") if _is_left_over(folder)]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _is_left_over(folder: Path) -> bool:
    parts = folder.name.removeprefix(_PREFIX).rsplit("_", 3)
    return (
        len(parts) == len(("host", "pid", "started", "random"))
        and parts[0] == socket.gethostname()
        and not is_alive(":".join(parts[:3]))
    )
