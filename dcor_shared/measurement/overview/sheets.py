"""Sprite sheets: many cropped event images in one picture, and their masks in another.

Runs in sandboxed processes only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dcor_shared.measurement.overview import encoding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from dcor_shared.measurement.overview.container import ContainerWriter
    from dcor_shared.measurement.overview.sprites import Sprite

    Bytes = npt.NDArray[np.uint8]

COLUMNS, _TILES_PER_SHEET = 8, 48


@dataclass(frozen=True)
class Sheet:
    """Up to 48 sprites.

    Attributes
    ----------
    sprites
        The sprites, in the order of the tiles.
    places
        Where each begins within the sheet (x, y) [px].
    image, mask
        The sheet as WebP, and its masks as PNG (None without any).
    """

    sprites: Sequence[Sprite]
    places: list[tuple[int, int]]
    image: bytes
    mask: bytes | None


@dataclass(frozen=True)
class Sheets:
    """All sheets, and the width and height of their tiles [px]."""

    tile: tuple[int, int]
    sheets: list[Sheet]


def draw(sprites: Sequence[Sprite]) -> Sheets:
    """Draw sprites onto sheets."""
    width = max((sprite.box[2] for sprite in sprites), default=0)
    height = max((sprite.box[3] for sprite in sprites), default=0)
    starts = range(0, len(sprites), _TILES_PER_SHEET)
    parts = [sprites[start : start + _TILES_PER_SHEET] for start in starts]
    return Sheets((width, height), [_sheet(part, (width, height)) for part in parts])


def _sheet(sprites: Sequence[Sprite], tile: tuple[int, int]) -> Sheet:
    places = [_place(number, sprite, tile) for number, sprite in enumerate(sprites)]
    rows = -(-len(sprites) // COLUMNS)
    shape = (rows * tile[1], min(COLUMNS, len(sprites)) * tile[0])
    image = _paste(sprites, places, shape, lambda sprite: sprite.image)
    masked = any(sprite.mask is not None for sprite in sprites)
    mask = _paste(sprites, places, shape, lambda sprite: sprite.mask) if masked else None
    return Sheet(
        sprites,
        places,
        encoding.webp(image),
        None if mask is None else encoding.mask_png(mask),
    )


def _place(number: int, sprite: Sprite, tile: tuple[int, int]) -> tuple[int, int]:
    row, column = divmod(number, COLUMNS)
    _, _, width, height = sprite.box
    return column * tile[0] + (tile[0] - width) // 2, row * tile[1] + (tile[1] - height) // 2


def _paste(
    sprites: Sequence[Sprite],
    places: Sequence[tuple[int, int]],
    shape: tuple[int, int],
    part: Callable[[Sprite], Bytes | None],
) -> Bytes:
    sheet = np.zeros(shape, dtype=np.uint8)
    for sprite, (x, y) in zip(sprites, places, strict=True):
        piece = part(sprite)
        if piece is not None:
            sheet[y : y + piece.shape[0], x : x + piece.shape[1]] = piece
    return sheet


def write(writer: ContainerWriter, drawn: Sheets) -> dict[str, Any]:
    """Add sheets to a container; their description for the header."""
    return {
        "tile": list(drawn.tile),
        "columns": COLUMNS,
        "sheets": [_described(writer, sheet) for sheet in drawn.sheets],
    }


def _described(writer: ContainerWriter, sheet: Sheet) -> dict[str, Any]:
    mask = sheet.mask
    return {
        "events": [sprite.index for sprite in sheet.sprites],
        "boxes": [list(sprite.box) for sprite in sheet.sprites],
        "places": [list(place) for place in sheet.places],
        "image": writer.add(sheet.image, type="image/webp"),
        "mask": None if mask is None else writer.add(mask, type="image/png"),
    }
