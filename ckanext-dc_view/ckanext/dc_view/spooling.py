"""Files without a name, which hold what is sent; each is there until the last reader has it.

A client takes its answer as slowly as it likes, and the web server's thread keeps the file open
meanwhile, long after this process has closed it. So what is on the way is counted by asking the
system which files are open.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ckanext.dc_view import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Files of one process that may be on the way, and their bytes, when another one is begun.
MOST_FILES, MOST_BYTES = 200, 2**30
_OPEN = Path("/proc/self/fd")
_TEXT = "Many answers are still being sent; try again in a moment."


def spooled(pieces: Iterable[bytes]) -> IO[bytes]:
    """A file without a name that holds all pieces.

    Whatever stops the pieces is raised, and leaves nothing behind.

    Raises
    ------
    BusyError
        If too much is on the way already.
    """
    sizes = on_the_way()
    if len(sizes) >= MOST_FILES or sum(sizes) >= MOST_BYTES:
        raise errors.BusyError(_TEXT)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
    try:
        for piece in pieces:
            target.write(piece)
    except BaseException:
        target.close()
        raise
    return target


def on_the_way() -> list[int]:
    """Sizes in bytes of the files without a name that this process has open."""
    found = {}
    for descriptor in _OPEN.iterdir():
        try:
            about = os.fstat(int(descriptor.name))
        except OSError:
            # closed meanwhile, like that of the folder itself
            continue
        if stat.S_ISREG(about.st_mode) and not about.st_nlink:
            found[about.st_dev, about.st_ino] = about.st_size
    return list(found.values())
