"""Texts as dclab stores them, written at once instead of line by line. For sandboxes only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from dclab import RTDCWriter

if TYPE_CHECKING:
    from collections.abc import Sequence

    import h5py

#: Shortest length of a line in bytes, as in dclab.
_SHORTEST = 100


class TextWriter(RTDCWriter):  # type: ignore[misc]
    """Adds texts, basins and metadata to an open file.

    Parameters
    ----------
    out
        The file; it stays open.
    """

    def __init__(self, out: h5py.File) -> None:
        super().__init__(out, mode="append")

    def write_text(self, group: h5py.Group, name: str, lines: Sequence[str] | str) -> None:
        """Write a text under a name that is not taken yet.

        Parameters
        ----------
        group
            Where to write.
        name
            Name of the dataset.
        lines
            The text, line by line.
        """
        texts = [line.encode() for line in ([lines] if isinstance(lines, str) else lines)]
        length = max([_SHORTEST, *map(len, texts)])
        group.create_dataset(
            name,
            data=np.array(texts, dtype=f"S{length}"),
            maxshape=(None,),
            chunks=(max(1, len(texts)),),
            fletcher32=True,
            **self.compression_kwargs,
        )
