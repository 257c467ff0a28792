"""Opening an HDF5 file, for sandboxed processes only: named errors, and vetted before use."""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from dcor_shared.measurement.errors import (
    NotClosedError,
    NotHdf5Error,
    TruncatedFileError,
    UnreadableFileError,
    UserBlockError,
)
from dcor_shared.measurement.vetting import VettingLimits, vet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BytesIO, RawIOBase
    from pathlib import Path

    import h5py

#: How every HDF5 file begins; after a user block the signature follows at a power of two ≥ 512.
SIGNATURE = b"\x89HDF\r\n\x1a\n"
#: What h5py raises when HDF5 stumbles over a file.
_HDF5_ERRORS = (OSError, RuntimeError, KeyError, ValueError)
CHUNK_CACHE = 16 * 1024**2


@contextmanager
def vetted(
    location: Path | RawIOBase | BytesIO,
    limits: VettingLimits | None = None,
    *,
    chunk_cache: int = CHUNK_CACHE,
) -> Iterator[h5py.File]:
    """A measurement file, opened for reading and vetted.

    Parameters
    ----------
    location
        Local path, or an open, seekable file.
    limits
        Limits of the vetting walk.
    chunk_cache
        Bytes of unpacked chunks that are kept for each dataset.

    Raises
    ------
    UnreadableFileError, UnsafeFileError
        One of their subclasses.
    """
    import hdf5plugin  # noqa: F401 - registers the Zstandard filter

    _check_signature(location)
    with _opened(location, chunk_cache) as h5file:
        try:
            vet(h5file, limits)
            yield h5file
        except _HDF5_ERRORS as error:
            raise _damaged(error) from error


def _check_signature(location: Path | RawIOBase | BytesIO) -> None:
    begin = _first_bytes(location)
    if begin.startswith(SIGNATURE):
        return
    if any(begin[offset:].startswith(SIGNATURE) for offset in (512, 1024, 2048)):
        raise UserBlockError("Foreign bytes stand before the HDF5 data.")
    what = "empty" if not begin else "not an HDF5 file"
    raise NotHdf5Error(f"The file is {what}; measurements are HDF5 files.")


def _first_bytes(location: Path | RawIOBase | BytesIO) -> bytes:
    def read(fd: IO[bytes] | RawIOBase | BytesIO) -> bytes:
        fd.seek(0)
        return fd.read(2048 + len(SIGNATURE)) or b""

    if hasattr(location, "open"):
        with location.open("rb") as fd:
            return read(fd)
    return read(location)


def _opened(location: Path | RawIOBase | BytesIO, chunk_cache: int) -> h5py.File:
    import h5py

    try:
        return h5py.File(location, "r", locking=False, rdcc_nbytes=chunk_cache, rdcc_w0=0)
    except _HDF5_ERRORS as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> Exception:
    """The named error for what HDF5 raised; limits of the sandbox are not the file's fault."""
    text = str(error)
    if "memory allocation failed" in text:
        return error
    if "truncated file" in text or "eof =" in text:
        return TruncatedFileError(
            "The file is shorter than it should be: it was cut off; upload it again."
        )
    if "h5clear" in text or "consistency flags" in text:
        return NotClosedError(
            "The recording software did not close the file; repair it with h5clear -s."
        )
    return UnreadableFileError(
        "The file is damaged: HDF5 cannot read its structure; try dclab-repack on the original."
    )
