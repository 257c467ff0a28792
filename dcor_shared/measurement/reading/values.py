"""From HDF5 values to JSON values."""

from __future__ import annotations

import math
from typing import Any


def jsonable(value: Any) -> Any:
    """A JSON value: integers stay integers, NaN and infinities become None, bytes become text.

    Raises
    ------
    TypeError
        If there is no JSON for this kind of value.
    """
    import numpy as np

    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case str():
            return clean(value)
        case bytes():
            return clean(value.decode("utf-8", "replace"))
        case list() | tuple():
            return [jsonable(item) for item in value]
    raise TypeError(f"no JSON for values of type {type(value).__name__}")


def clean(text: str) -> str:
    """Text without the characters that a database refuses: NUL and halves of surrogate pairs."""
    return (
        text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
    )


def size_of(document: Any) -> int:
    """Approximate size of a JSON value in bytes."""
    if isinstance(document, str):
        return len(document) + 3
    if isinstance(document, list):
        return 2 + sum(size_of(item) for item in document)
    return 10
