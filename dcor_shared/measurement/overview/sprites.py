"""Sprites: cropped images of events from all over a measurement.

Runs in sandboxed processes only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt

    from dcor_shared.measurement.overview.pictures import Pictures

    Bytes = npt.NDArray[np.uint8]
    Box = tuple[int, int, int, int]

#: Places in the measurement, and events at each of them.
_PLACES, _NEIGHBOURS = 4, 24
MOST = _PLACES * _NEIGHBOURS
#: Neighbours among which those with a mask are looked for.
_WINDOW = 2 * _NEIGHBOURS
#: Pixels around the mask, and the size of a tile at most and without a mask.
_MARGIN = 5
_LARGEST_TILE = (128, 96)


@dataclass(frozen=True)
class Sprite:
    """A cropped event.

    Attributes
    ----------
    index
        Index of the event.
    box
        x, y, width and height of the crop in the whole image [px].
    image, mask
        The crop; `mask` is None if there is no mask.
    """

    index: int
    box: Box
    image: Bytes
    mask: Bytes | None


def candidates(count: int, chunk: int) -> list[list[int]]:
    """Groups of neighbouring events of which some are shown.

    Neighbours lie in the same chunk of the file, so that they are read together.
    """
    if count <= MOST:
        return [list(range(count))]
    starts = np.linspace(0, count - 1, _PLACES).astype(np.intp)
    step = max(1, chunk)
    groups = []
    for start in starts:
        first = int(min(start // step * step, count - _WINDOW))
        groups.append(list(range(first, first + min(max(step, _NEIGHBOURS), _WINDOW))))
    return groups


def collect(source: Pictures, count: int) -> list[Sprite]:
    """Sprites of events from all over the measurement, by ascending index."""
    most = MOST if count <= MOST else _NEIGHBOURS
    found = {
        sprite.index: sprite
        for group in candidates(count, source.chunk)
        for sprite in _best(crops(source, group), most)
    }
    return [found[index] for index in sorted(found)]


def _best(sprites: Iterable[Sprite], most: int) -> list[Sprite]:
    """The first sprites; those with an empty mask only if there are not enough others."""
    full: list[Sprite] = []
    empty: list[Sprite] = []
    for sprite in sprites:
        (full if sprite.mask is None or sprite.mask.any() else empty).append(sprite)
        if len(full) == most:
            break
    return (full + empty)[:most]


def crops(source: Pictures, indices: Sequence[int]) -> Iterator[Sprite]:
    """Sprites of these events; those without an image are left out."""
    found = zip(indices, source.images(indices), source.masks(indices), strict=True)
    for index, image, mask in found:
        if image is None:
            continue
        shown = mask if mask is not None and mask.shape == image.shape else None
        x, y, width, height = box = _box(image, shown)
        crop = np.s_[y : y + height, x : x + width]
        # copies: a part would keep the whole image, and its neighbours, in memory
        yield Sprite(index, box, image[crop].copy(), None if shown is None else shown[crop].copy())


def _box(image: Bytes, mask: Bytes | None) -> Box:
    """Bounding box of the mask and some pixels more; the middle of the image without a mask."""
    height, width = image.shape
    x, y, w, h = (0, 0, 0, 0) if mask is None else cv2.boundingRect(mask)
    if not w:
        x, y, w, h = 0, 0, width, height
    left, span_x = _span(x, w, width, _LARGEST_TILE[0])
    top, span_y = _span(y, h, height, _LARGEST_TILE[1])
    return left, top, span_x, span_y


def _span(start: int, length: int, available: int, most: int) -> tuple[int, int]:
    begin, end = max(start - _MARGIN, 0), min(start + length + _MARGIN, available)
    if end - begin > most:
        begin += (end - begin - most) // 2
        end = begin + most
    return begin, end - begin
