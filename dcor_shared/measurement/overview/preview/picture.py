"""Composition of the preview: 800 by 600 pixels, the plot on the left, events on the right."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image, ImageDraw

from dcor_shared.measurement.overview import encoding
from dcor_shared.measurement.overview.preview import scatter, texts
from dcor_shared.measurement.overview.preview.scatter import GREY, INK, PAPER, grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from dcor_shared.measurement.overview.preview.scatter import Plot
    from dcor_shared.measurement.overview.sprites import Sprite

WIDTH, HEIGHT = 800, 600
_HEAD, _MIDDLE, _EDGE = 52, 450, 12
_TITLE, _NORMAL, _SMALL = 20, 14, 12
_TRACE_HEIGHT, _GAP = 120, 8
_CONTOUR = (220, 40, 40)
_TRACE_COLORS = {"fl1_raw": (21, 191, 0), "fl2_raw": (191, 138, 0), "fl3_raw": (191, 12, 0)}
_QUALITY = 88
TYPICAL = 6


@dataclass(frozen=True)
class Content:
    """What the preview shows.

    Attributes
    ----------
    sample
        Name of the sample, None if the file does not say.
    count
        Number of events.
    plot
        The plot, None if there is nothing to plot.
    typical
        Up to six events.
    traces
        Fluorescence traces of one of them, by name.
    span
        Duration of a trace [µs], None if it is unknown.
    """

    sample: str | None
    count: int
    plot: Plot | None
    typical: Sequence[Sprite] = ()
    traces: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    span: float | None = None


def jpeg(content: Content) -> bytes:
    """The preview as JPEG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    _head(picture, content)
    traces = {name: trace for name, trace in content.traces.items() if name in _TRACE_COLORS}
    has_column = bool(content.typical or traces)
    right = _MIDDLE if has_column else WIDTH - _EDGE
    if content.plot is not None:
        scatter.draw(picture, (_EDGE, _HEAD, right, HEIGHT - _EDGE), content.plot)
    else:
        texts.draw(
            picture, (right // 2, HEIGHT // 2), "nothing to plot", _NORMAL, GREY, anchor="middle"
        )
    bottom = HEIGHT - _EDGE - (_TRACE_HEIGHT + _GAP if traces else 0)
    _events(picture, content.typical, bottom)
    if traces:
        _traces(picture, traces, content.span, bottom + _GAP)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=_QUALITY)
    return data.getvalue()


def _head(picture: Image.Image, content: Content) -> None:
    count = f"{grouped(content.count)} event{'' if content.count == 1 else 's'}"
    room = WIDTH - 3 * _EDGE - texts.measure(count, _NORMAL)
    title = texts.shortened(content.sample or "", _TITLE, room)
    texts.draw(picture, (_EDGE, 14), title, _TITLE, INK)
    texts.draw(picture, (WIDTH - _EDGE, 18), count, _NORMAL, INK, anchor="right")


def _events(picture: Image.Image, typical: Sequence[Sprite], bottom: int) -> None:
    """Draw events in two columns and three rows, all in the same scale."""
    if not typical:
        return
    width = (WIDTH - _EDGE - _MIDDLE - _GAP - _GAP) // 2
    height = (bottom - _HEAD - 2 * _GAP) // 3
    widest = max(sprite.box[2] for sprite in typical)
    highest = max(sprite.box[3] for sprite in typical)
    scale = min(width / widest, height / highest)
    for number, sprite in enumerate(typical):
        row, column = divmod(number, 2)
        left = _MIDDLE + _GAP + column * (width + _GAP)
        top = _HEAD + row * (height + _GAP)
        image = _event(sprite, scale)
        shift_x, shift_y = (width - image.width) // 2, (height - image.height) // 2
        picture.paste(image, (left + shift_x, top + shift_y))


def _event(sprite: Sprite, scale: float) -> Image.Image:
    """An event, enlarged, with stretched grey values and its outline."""
    image = cv2.normalize(sprite.image, None, 0, 255, cv2.NORM_MINMAX)
    size = tuple(max(1, int(length * scale)) for length in sprite.box[2:])
    large = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_CUBIC), cv2.COLOR_GRAY2RGB)
    outline = None if sprite.mask is None else encoding.contour(np.ascontiguousarray(sprite.mask))
    if outline is not None:
        points = ((outline + 0.5) * scale).astype(np.int32)
        cv2.polylines(large, [points], isClosed=True, color=_CONTOUR, lineType=cv2.LINE_AA)
    return Image.fromarray(large)


def _traces(
    picture: Image.Image, traces: dict[str, npt.NDArray[Any]], span: float | None, top: int
) -> None:
    left, right = _MIDDLE + _GAP, WIDTH - _EDGE
    height = _TRACE_HEIGHT - 34
    values = np.concatenate([np.asarray(trace, dtype=np.float64) for trace in traces.values()])
    low, high = float(values.min(initial=0)), float(values.max(initial=0))
    pen = ImageDraw.Draw(picture)
    pen.rectangle([left, top, right, top + height], outline=INK)
    for number, (name, trace) in enumerate(traces.items()):
        x = np.linspace(left, right, len(trace))
        y = top + height - (np.asarray(trace, np.float64) - low) / ((high - low) or 1) * height
        color = _TRACE_COLORS[name]
        pen.line(list(zip(x.tolist(), y.tolist(), strict=True)), fill=color)
        label = name.removesuffix("_raw").upper()
        texts.draw(
            picture, (right - 6, top + 4 + 14 * number), label, _SMALL, color, anchor="right"
        )
    unit = "fluorescence [a.u.] over sample index"
    text = unit if span is None else f"fluorescence [a.u.] over {span:.4g} µs"
    texts.draw(picture, ((left + right) // 2, top + height + 6), text, _SMALL, INK, anchor="middle")
