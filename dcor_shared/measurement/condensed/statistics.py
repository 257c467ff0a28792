"""Statistics of features, computed once while a measurement is condensed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Fractions for which quantiles are given.
QUANTILES = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)


def describe(values: NDArray[Any]) -> dict[str, Any]:
    """Statistics of one feature, as JSON.

    Parameters
    ----------
    values
        One value per event.

    Returns
    -------
    statistics
        ``count`` (events), ``nan`` and ``infinite`` (how many values are not finite), and of the
        finite values ``min``, ``max``, ``mean``, ``sd`` (population standard deviation, the
        divisor is the number of values), ``median`` and ``quantiles`` (linear interpolation; by
        fraction); all None without finite values.
    """
    import numpy as np

    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    is_nan = int(np.count_nonzero(np.isnan(values))) if values.dtype.kind == "f" else 0
    counts = {
        "count": len(values),
        "nan": is_nan,
        "infinite": len(values) - len(finite) - is_nan,
    }
    return counts | _of_finite(finite.astype(np.float64))


def _of_finite(values: NDArray[np.float64]) -> dict[str, Any]:
    import numpy as np

    if not len(values):
        names = ("min", "max", "mean", "sd", "median")
        return {**dict.fromkeys(names), "quantiles": {str(q): None for q in QUANTILES}}
    with np.errstate(over="ignore"):
        quantiles = np.quantile(values, QUANTILES)
        moments = {"mean": values.mean(), "sd": values.std()}
    figures = {"min": values.min(), "max": values.max(), **moments, "median": np.median(values)}
    return {
        **{name: _json(value) for name, value in figures.items()},
        "quantiles": {str(q): _json(value) for q, value in zip(QUANTILES, quantiles, strict=True)},
    }


def _json(value: np.floating[Any]) -> float | None:
    """A JSON number; None where the computation has left the range of numbers."""
    import numpy as np

    return float(value) if np.isfinite(value) else None
