"""The plot of all events, coloured by how many there are, with isoelastics."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw

from dcor_shared.measurement.overview.preview import texts
from dcor_shared.measurement.overview.preview.axes import Axis, tick_text

if TYPE_CHECKING:
    import numpy.typing as npt

    from dcor_shared.measurement.overview.isolines import Lines

    Floats = npt.NDArray[np.float64]
    Bytes = npt.NDArray[np.uint8]

INK, GREY, PAPER = (33, 37, 41), (120, 120, 120), (255, 255, 255)
_LINE_COLOR = (150, 150, 150)
#: Pixels over which events are counted together: few events need many.
_NARROWEST, _WIDEST, _SPREAD = 3.0, 25.0, 250.0
#: Fewer events are drawn larger: shapes of 3 and 7 pixels.
_MANY = 1000
_DOT = np.ones((3, 3), np.uint8)
_LARGE_DOT = (np.hypot(*np.ogrid[-3:4, -3:4]) < 3.5).astype(np.uint8)  # noqa: PLR2004 - half of 7
_SMALL, _NORMAL = 12, 14
#: Pixels left of, above, right of and below the plot.
_LEFT, _TOP, _RIGHT, _BOTTOM = 64, 8, 10, 46
#: Coordinates are cut off here, far outside of every picture.
_FAR = 8000


@dataclass(frozen=True)
class Plot:
    """What is plotted.

    Attributes
    ----------
    x, y
        Values of all events, shape (N,).
    labels
        Texts along the axes.
    lines
        Isoelastics, None without any.
    """

    x: Floats
    y: Floats
    labels: tuple[str, str]
    lines: Lines | None


def draw(picture: Image.Image, frame: tuple[int, int, int, int], plot: Plot) -> None:
    """Draw the plot with its axes into a frame (left, top, right, bottom) of the picture."""
    left, top = frame[0] + _LEFT, frame[1] + _TOP
    width, height = frame[2] - _RIGHT - left, frame[3] - _BOTTOM - top
    axes = Axis.around(plot.x, plot.labels[0]), Axis.around(plot.y, plot.labels[1])
    inside, outside = _dots(plot, axes, width, height)
    if plot.lines is not None:
        _add_lines(inside, plot.lines, axes)
    picture.paste(Image.fromarray(inside), (left, top))
    _draw_axes(picture, (left, top, left + width, top + height), axes)
    if outside:
        text = f"outside: {grouped(outside)}"
        texts.draw(picture, (left + width - 4, top + 4), text, _SMALL, GREY, anchor="right")


def _dots(plot: Plot, axes: tuple[Axis, Axis], width: int, height: int) -> tuple[Bytes, int]:
    """The area inside the axes, shape (height, width, 3), and the number of events outside."""
    with np.errstate(all="ignore"):
        columns = axes[0].place(plot.x, width)
        rows = height - axes[1].place(plot.y, height)
        shown = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    places = rows[shown].astype(np.intp) * width + columns[shown].astype(np.intp)
    counts = np.bincount(places, minlength=width * height).reshape(height, width)
    finite = np.isfinite(plot.x) & np.isfinite(plot.y)
    return _colored(counts.astype(np.float32)), int(finite.sum() - shown.sum())


def _colored(counts: npt.NDArray[np.float32]) -> Bytes:
    number = int(np.count_nonzero(counts))
    width = min(max(_SPREAD / math.sqrt(max(1, number)), _NARROWEST), _WIDEST)
    density = cv2.GaussianBlur(counts, (0, 0), width)
    dots = cv2.dilate((counts > 0).astype(np.uint8), _DOT if number > _MANY else _LARGE_DOT)
    highest = float(density.max(initial=0)) or 1.0
    levels = cv2.convertScaleAbs(cv2.sqrt(cv2.max(density, 0.0)), alpha=255 / math.sqrt(highest))
    colors = cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_VIRIDIS), cv2.COLOR_BGR2RGB)
    return cv2.copyTo(colors, dots, np.full_like(colors, 255))  # type: ignore[no-any-return]


def _add_lines(inside: Bytes, lines: Lines, axes: tuple[Axis, Axis]) -> None:
    height, width = inside.shape[:2]
    points = lines.points if lines.pixelated is None else lines.pixelated
    start = 0
    for count in lines.counts:
        line = points[start : start + count].astype(np.float64)
        start += count
        x = axes[0].place(line[:, 0], width)
        y = height - axes[1].place(line[:, 1], height)
        corners = np.clip(np.nan_to_num(np.stack([x, y], axis=1)), -_FAR, _FAR).astype(np.int32)
        cv2.polylines(inside, [corners], isClosed=False, color=_LINE_COLOR, lineType=cv2.LINE_AA)


def _draw_axes(
    picture: Image.Image, frame: tuple[int, int, int, int], axes: tuple[Axis, Axis]
) -> None:
    left, top, right, bottom = frame
    pen = ImageDraw.Draw(picture)
    pen.rectangle([left - 1, top - 1, right, bottom], outline=INK)
    for place, text in _tick_places(axes[0], right - left):
        pen.line([(left + place, bottom), (left + place, bottom + 5)], fill=INK)
        texts.draw(picture, (left + place, bottom + 6), text, _SMALL, INK, anchor="middle")
    for place, text in _tick_places(axes[1], bottom - top):
        pen.line([(left - 6, bottom - place), (left - 1, bottom - place)], fill=INK)
        texts.draw(picture, (left - 8, bottom - place - 8), text, _SMALL, INK, anchor="right")
    middle = (left + right) // 2
    texts.draw(picture, (middle, bottom + 24), axes[0].label, _NORMAL, INK, anchor="middle")
    upright = texts.upright(axes[1].label, _NORMAL, INK, PAPER)
    picture.paste(upright, (left - _LEFT, (top + bottom - upright.height) // 2))


def _tick_places(axis: Axis, pixels: int) -> list[tuple[int, str]]:
    ticks = axis.ticks()
    if len(ticks) < 2:  # noqa: PLR2004 - a step lies between two
        return []
    step = ticks[1] - ticks[0]
    places = axis.place(np.array(ticks), pixels)
    return [
        (round(float(place)), tick_text(tick, step))
        for tick, place in zip(ticks, places, strict=True)
    ]


def grouped(number: int) -> str:
    """A whole number with its digits in groups of three."""
    return f"{number:,}".replace(",", " ")
