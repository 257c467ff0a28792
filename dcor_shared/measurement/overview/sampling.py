"""Which events are in the columns, and how dense the plot is at each of them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.intp]

#: Events in the columns at most.
MOST = 20_000


def sample(x: Floats | None, y: Floats | None, count: int) -> tuple[Indices, str]:
    """Indices of the sampled events, ascending, and the method (``all`` or ``grid``).

    dclab's grid keeps events where few are, so that outliers stay; it has a fixed seed.

    Parameters
    ----------
    x, y
        Default axes, shape (N,); None without any.
    count
        Number of events, N.
    """
    if count <= MOST:
        return np.arange(count), "all"
    if x is None or y is None or not (_varies(x) and _varies(y)):
        # the grid divides by the range of values
        return np.linspace(0, count - 1, MOST).astype(np.intp), "even"
    from dclab.downsampling import downsample_grid

    keep = downsample_grid(x, y, MOST, remove_invalid=True, ret_idx=True)[2]
    return np.flatnonzero(keep), "grid"


def _varies(values: Floats) -> bool:
    finite = values[np.isfinite(values)]
    with np.errstate(over="ignore"):
        return bool(finite.size and 0 < np.ptp(finite) < np.inf)


def density(x: Floats, y: Floats, chosen: Indices) -> npt.NDArray[np.uint16] | None:
    """Kernel density at the chosen events, 65 535 at its maximum; None if there is none.

    It is estimated from all events; 0 where an event has no finite value.
    """
    from dclab.kde.methods import kde_histogram

    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = kde_histogram(x, y, xout=x[chosen], yout=y[chosen])
    except (ValueError, FloatingPointError, OverflowError, IndexError):
        # numbers so large that their differences are no numbers
        return None
    found = np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0)
    highest = found.max(initial=0)
    scaled = found / highest if highest > 0 else np.zeros_like(found)
    return np.round(scaled * 65535).astype(np.uint16)  # type: ignore[no-any-return]
