"""The preview of a measurement: choosing what is typical, then drawing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dcor_shared.measurement.overview import labels
from dcor_shared.measurement.overview.preview.picture import TYPICAL, Content, jpeg
from dcor_shared.measurement.overview.preview.scatter import Plot

if TYPE_CHECKING:
    import numpy.typing as npt

    from dcor_shared.measurement.overview.material import Material
    from dcor_shared.measurement.overview.sprites import Sprite


def preview(material: Material) -> bytes:
    """The preview as JPEG, 800 by 600 pixels, made from all events."""
    typical = typical_events(material)
    traces = material.pictures.traces(typical[0].index if typical else 0, "raw")
    rate = material.sample_rate
    longest = max((len(trace) for trace in traces.values()), default=0)
    content = Content(
        sample=material.sample,
        count=material.columns.count,
        plot=_plot(material),
        typical=typical,
        traces=traces,
        span=None if rate is None else (longest - 1) / rate * 1e6,
    )
    return jpeg(content)


def typical_events(material: Material) -> list[Sprite]:
    """Six events, from small to large x, each in the middle of its sixth of the sprites."""
    shown = [sprite for sprite in material.shown if sprite.mask is None or sprite.mask.any()]
    shown = shown or list(material.shown)
    x, y = material.axis(0), material.axis(1)
    if x is None or y is None or len(shown) <= TYPICAL:
        return shown[:TYPICAL]
    places = [sprite.index for sprite in shown]
    order = np.argsort(np.nan_to_num(x[places]), kind="stable")
    groups = np.array_split(order, TYPICAL)
    return [shown[_middle(group, np.nan_to_num(y[places]))] for group in groups]


def _middle(group: npt.NDArray[np.intp], values: npt.NDArray[np.float64]) -> int:
    """The member of a group whose value is next to the median of the group."""
    own = values[group]
    return int(group[np.argmin(np.abs(own - np.median(own)))])


def _plot(material: Material) -> Plot | None:
    x, y = material.axis(0), material.axis(1)
    if x is None or y is None or material.axes is None:
        return None
    lines = next((found for found in material.lines if (found.x, found.y) == material.axes), None)
    texts = [_axis_text(name) for name in material.axes]
    return Plot(x, y, (texts[0], texts[1]), lines)


def _axis_text(name: str) -> str:
    label, unit = labels.label(name)
    return f"{label} [{unit}]" if unit else label
