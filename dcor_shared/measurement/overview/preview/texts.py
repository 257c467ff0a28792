"""Texts in pictures.

The font that comes with Pillow knows little more than ASCII, and which fonts a machine has must
not change a picture. So letters lose their accents, raised digits are drawn small, and the sign
for micro is a u with a tail.
"""

from __future__ import annotations

import math
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Iterator

    Color = tuple[int, int, int]

_RAISED = {"²": "2", "³": "3", "¹": "1", "⁻": "-"}
_MICRO = {"µ", "\N{GREEK SMALL LETTER MU}"}
_RAISED_SCALE, _LIFT = 0.65, 0.15


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font in a size [px]."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)  # noqa: S101 - Pillow's wheels have FreeType
    return found


def shortened(text: str, size: int, width: int) -> str:
    """The text, cut off with three dots where it does not fit into `width` pixels."""
    text = " ".join(text[:500].split())
    if measure(text, size) <= width:
        return text
    while text and measure(f"{text}...", size) > width:
        text = text[:-1]
    return f"{text}..."


def measure(text: str, size: int) -> int:
    """Width of a text [px]."""
    return round(sum(_written(piece, scaled)[1] for piece, scaled, _ in _runs(text, size)))


@lru_cache(maxsize=512)
def _written(piece: str, size: int) -> tuple[Image.Image, float]:
    """How much of each pixel a text covers, and its length [px]; names of axes come often."""
    length = font(size).getlength(piece)
    picture = Image.new("L", (math.ceil(length) + 2, round(1.5 * size)), 0)
    ImageDraw.Draw(picture).text((0, 0), piece, font=font(size), fill=255)
    return picture, length


def draw(
    picture: Image.Image,
    place: tuple[int, int],
    text: str,
    size: int,
    color: Color,
    *,
    anchor: str = "left",
) -> None:
    """Draw a text; `place` is its top at the left end, the middle or the right end (`anchor`)."""
    pen = ImageDraw.Draw(picture)
    x = place[0] - {"left": 0.0, "middle": 0.5, "right": 1.0}[anchor] * measure(text, size)
    y = float(place[1])
    for piece, scaled, kind in _runs(text, size):
        written, length = _written(piece, scaled)
        lift = -_LIFT * size if kind == "raised" else 0.0
        picture.paste(color, (round(x), round(y + lift)), written)
        if kind == "micro":
            foot = y + 1.18 * size
            pen.line([(x + 1, y + 0.6 * size), (x + 1, foot)], fill=color, width=max(1, size // 12))
        x += length


def upright(text: str, size: int, color: Color, paper: Color) -> Image.Image:
    """A picture of a text that is read from bottom to top."""
    picture = Image.new("RGB", (measure(text, size) + 4, round(1.5 * size)), paper)
    draw(picture, (2, 0), text, size, color)
    return picture.transpose(Image.Transpose.ROTATE_90)


def _runs(text: str, size: int) -> Iterator[tuple[str, int, str]]:
    """Pieces of a text with their size and kind (``plain``, ``raised`` or ``micro``)."""
    plain = ""
    for char in text:
        if char in _RAISED or char in _MICRO:
            if plain:
                yield _ascii(plain), size, "plain"
            plain = ""
            if char in _MICRO:
                yield "u", size, "micro"
            else:
                yield _RAISED[char], max(6, round(size * _RAISED_SCALE)), "raised"
        else:
            plain += char
    if plain:
        yield _ascii(plain), size, "plain"


def _ascii(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    letters = (char for char in decomposed if not unicodedata.combining(char))
    return "".join(char if " " <= char <= "~" else "?" for char in letters)
