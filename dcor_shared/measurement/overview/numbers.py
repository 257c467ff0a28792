"""Numbers about one feature: statistics as dclab defines them, percentiles, data types.

dclab computes each statistic from the unsorted values again; here the values are sorted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

#: Names of dclab's statistics of a feature, in the order of `Summary.statistics`.
STATISTICS = (
    "Mean",
    "Median",
    "Mode",
    "SD",
    "10th Percentile",
    "25th Percentile",
    "75th Percentile",
    "90th Percentile",
)
#: Whole numbers up to here are kept by 32-bit floats.
_EXACT_IN_F4 = 2**24
_WHOLE_DTYPES = (("<u1", 2**8), ("<u2", 2**16), ("<u4", 2**32))


@dataclass(frozen=True)
class Summary:
    """What is said about all finite values of a feature.

    Attributes
    ----------
    finite
        Number of finite values.
    quantiles
        Percentiles 0, 1, … 100, shape (101,); NaN without any value.
    statistics
        See `STATISTICS`; None where there is none.
    """

    finite: int
    quantiles: Floats
    statistics: list[float | None]


def summarise(values: Floats) -> Summary:
    """Summary of a feature of all events, shape (N,); NaN and infinities are left out."""
    finite = _finite(values)
    if not finite.size:
        return Summary(0, np.full(101, np.nan), [None] * len(STATISTICS))
    ordered = np.sort(finite)
    quantiles = _percentiles(ordered, np.arange(101))
    with np.errstate(over="ignore", invalid="ignore"):
        spread = np.std(finite)
        mean = np.average(finite)
    found = [mean, quantiles[50], _mode(ordered, quantiles), spread, *quantiles[[10, 25, 75, 90]]]
    return Summary(finite.size, quantiles, [finite_or_none(value) for value in found])


def finite_or_none(value: float) -> float | None:
    """The value as a JSON number."""
    return float(value) if np.isfinite(value) else None


def _finite(values: Floats) -> Floats:
    """The finite values; no copy where all are."""
    is_finite = np.isfinite(values)
    return values if is_finite.all() else values[is_finite]


def _percentiles(ordered: Floats, percents: npt.NDArray[np.int64]) -> Floats:
    """Percentiles with linear interpolation, as numpy's default."""
    places = percents / 100 * (ordered.size - 1)
    below = np.floor(places).astype(np.intp)
    low, high = ordered[below], ordered[np.minimum(below + 1, ordered.size - 1)]
    rest = places - below
    with np.errstate(over="ignore", invalid="ignore"):
        step = high - low
        # numpy interpolates from the nearer side
        nearer_low = rest + rest < 1
        found: Floats = np.where(nearer_low, low + step * rest, high - step * (1 - rest))
    return np.where(np.isfinite(found), found, low)


def _mode(ordered: Floats, quantiles: Floats) -> float:
    """Most frequent value after rounding to bins of the rule of Freedman and Diaconis.

    See `dclab.statistics.mode`.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        width = 2 * (quantiles[75] - quantiles[25]) / ordered.size ** (1 / 3)
        if width == 0 or not np.isfinite(width):
            return np.nan
        bins = np.round(ordered / width) * width + width / 2
    starts = np.flatnonzero(np.concatenate(([True], bins[1:] != bins[:-1])))
    counts = np.diff(np.append(starts, bins.size))
    return float(bins[starts[np.argmax(counts)]])


def smallest_dtype(values: Floats) -> str:
    """The smallest data type of a container that keeps all values well enough.

    Whole numbers are kept exactly, others with the precision of 32-bit floats.
    """
    finite = _finite(values)
    whole = bool(np.all(finite == np.floor(finite))) if finite.size else False
    largest = float(np.max(np.abs(finite), initial=0))
    if whole and finite.size == values.size and np.all(finite >= 0):
        for name, bound in _WHOLE_DTYPES:
            if largest < bound:
                return name
    limit = _EXACT_IN_F4 if whole else float(np.finfo(np.float32).max)
    return "<f4" if largest <= limit else "<f8"
