"""Values of a feature in the forms that clients can ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

_NPY_MAGIC = b"\x93NUMPY\x01\x00"
_NPY_ALIGNMENT = 64
_NOT_FINITE = {"nan": "NaN", "inf": "Inf", "-inf": "-Inf"}


@dataclass(frozen=True)
class Values:
    """Values of a feature.

    Attributes
    ----------
    feature
        Its name.
    dtype
        Type of the values in NumPy's notation.
    raw
        Their bytes.
    """

    feature: str
    dtype: str
    raw: bytes

    @property
    def array(self) -> NDArray[Any]:
        """The values as an array; not to be changed."""
        import numpy as np

        return np.frombuffer(self.raw, self.dtype)


def taken(values: Values, events: range, first: int) -> Values:
    """Those values that belong to `events`.

    Parameters
    ----------
    values
        Values of consecutive events.
    events
        Numbers of the events that are wanted; with a positive step.
    first
        Number of the event that the first value belongs to.
    """
    item = int(values.dtype[2:])
    begin, end = (events.start - first) * item, (events.stop - first) * item
    if events.step == 1:
        if begin == 0 and end == len(values.raw):
            return values
        return Values(values.feature, values.dtype, values.raw[begin:end])
    array = values.array[events.start - first : events.stop - first : events.step]
    return Values(values.feature, values.dtype, array.tobytes())


def npy(values: Values) -> bytes:
    """NumPy's own format, version 1.0: ``numpy.load`` reads it."""
    return _npy_header(values.dtype, len(values.raw) // int(values.dtype[2:])) + values.raw


@lru_cache(maxsize=512)
def _npy_header(dtype: str, count: int) -> bytes:
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({count},), }}"
    length = len(_NPY_MAGIC) + 2 + len(text) + 1
    text += " " * (-length % _NPY_ALIGNMENT) + "\n"
    return _NPY_MAGIC + len(text).to_bytes(2, "little") + text.encode("ascii")


def arrow(values: Values) -> bytes:
    """An Arrow IPC file (Feather, version 2) with one column."""
    import pyarrow as pa

    return _arrow(values, pa.ipc.new_file)


def arrow_stream(values: Values) -> bytes:
    """An Arrow IPC stream with one column."""
    import pyarrow as pa

    return _arrow(values, pa.ipc.new_stream)


def _arrow(values: Values, new: Callable[..., Any]) -> bytes:
    import pyarrow as pa

    array = values.array
    batch = pa.record_batch({values.feature: array.astype(array.dtype.newbyteorder("="))})
    sink = pa.BufferOutputStream()
    with new(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def csv(values: Values) -> bytes:
    """A line with the name and one line per event; missing values are ``NaN``."""
    numbers = values.array.tolist()
    if values.dtype[1] == "f" and not _all_finite(values.array):
        texts = [_NOT_FINITE.get(text := repr(number), text) for number in numbers]
    else:
        texts = [repr(number) for number in numbers]
    return "\n".join([values.feature, *texts, ""]).encode()


def numbers(values: Values) -> list[Any]:
    """JSON values; what is not finite is None."""
    found = values.array.tolist()
    if values.dtype[1] != "f" or _all_finite(values.array):
        return found
    return [number if math.isfinite(number) else None for number in found]


def _all_finite(array: NDArray[np.floating[Any]]) -> bool:
    import numpy as np

    return bool(np.isfinite(array).all())


ENCODERS: dict[str, Callable[[Values], bytes]] = {
    "npy": npy,
    "arrow": arrow,
    "arrow-stream": arrow_stream,
    "csv": csv,
}
