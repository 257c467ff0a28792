"""Axes: limits, round numbers along them, and pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_PERCENT_SHOWN = (1, 99)
_ROOM = 0.08


@dataclass(frozen=True)
class Axis:
    """A linear axis.

    Attributes
    ----------
    low, high
        Its limits; `low` is smaller.
    label
        Text along it.
    """

    low: float
    high: float
    label: str

    @classmethod
    def around(cls, values: Floats, label: str) -> Axis:
        """Axis from the 1st to the 99th percentile of the finite values, and a little more."""
        finite = values[np.isfinite(values)]
        low, high = np.percentile(finite, _PERCENT_SHOWN) if finite.size else (0.0, 1.0)
        room = (high - low) * _ROOM
        if not np.isfinite(room) or room <= abs(low) * 1e-12:
            room = abs(low) * 0.1 or 0.5
        low, high = float(low - room), float(high + room)
        return cls(low, high, label) if np.isfinite(high - low) else cls(0.0, 1.0, label)

    def ticks(self, most: int = 6) -> list[float]:
        """Round numbers along the axis."""
        step = _round_step((self.high - self.low) / most)
        first = math.ceil(self.low / step)
        last = math.floor(self.high / step)
        return [number * step for number in range(first, min(last, first + 2 * most) + 1)]

    def place(self, values: Floats, pixels: int) -> Floats:
        """Distance of values from the lower end [px]."""
        return (values - self.low) / (self.high - self.low) * pixels


def _round_step(at_least: float) -> float:
    power = 10.0 ** math.floor(math.log10(at_least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= at_least)


def tick_text(value: float, step: float) -> str:
    """A number beside an axis with as many digits as its step needs."""
    if value != 0 and not 1e-4 < abs(step) < 1e5:  # noqa: PLR2004 - what fits beside an axis
        return f"{value:.2g}"
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    if not math.isclose(step * 10**digits, round(step * 10**digits)):
        digits += 1
    return f"{value:.{digits}f}"
