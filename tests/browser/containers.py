"""Writes containers of docs/decisions/0010, independently of the suite's own writer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

_MAGIC = b"DCORVIEW"


@dataclass
class Blocks:
    """Blocks of a container, in the order in which they were added."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, content: bytes) -> dict[str, int]:
        """Add bytes; returns their place, relative to the end of the header."""
        place = {"offset": self.size, "length": len(content)}
        padded = content + bytes(-len(content) % 8)
        self.parts.append(padded)
        self.size += len(padded)
        return place

    def array(self, values: np.ndarray) -> dict[str, Any]:
        """Add an array."""
        values = np.ascontiguousarray(values)
        kind = values.dtype.newbyteorder("<").str.replace("|", "<")
        return self.add(values.astype(values.dtype.newbyteorder("<")).tobytes()) | {"dtype": kind}


def container(header: dict[str, Any], blocks: Blocks) -> bytes:
    """The file; places in the header are moved behind it."""
    length = 0
    while True:
        text = json.dumps(_moved(header, 16 + length), ensure_ascii=False, allow_nan=False).encode()
        needed = len(text) + (-(16 + len(text)) % 8)
        if needed == length:
            break
        length = needed
    prefix = _MAGIC + np.array([1, length], "<u4").tobytes()
    return prefix + text.ljust(length) + b"".join(blocks.parts)


def _moved(value: Any, by: int) -> Any:
    if isinstance(value, dict):
        moved = {key: _moved(part, by) for key, part in value.items()}
        if "offset" in value and "length" in value:
            moved["offset"] = value["offset"] + by
        if "first" in value:
            moved["first"] = value["first"] + by
        return moved
    if isinstance(value, list):
        return [_moved(part, by) for part in value]
    return value
