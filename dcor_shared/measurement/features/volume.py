"""Volume of an event by revolving the two halves of its contour around the channel axis.

Every contour segment is a truncated cone, ``V = π h (R² + R r + r²) / 3``; see dclab's
``vol_revolve`` and https://de.wikipedia.org/wiki/Kegelstumpf#Formeln.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dcor_shared.measurement.features.moments import next_points

if TYPE_CHECKING:
    import numpy.typing as npt

    from dcor_shared.measurement.features.contours import ContourBatch

    Floats = npt.NDArray[np.float64]

#: Contours with fewer points have no volume.
FEWEST_POINTS = 4


def volume(batch: ContourBatch, pos_x: Floats, pos_y: Floats, pixel_size: float) -> Floats:
    """Volume of each event [µm³].

    Parameters
    ----------
    batch
        Contours [px] in the orientation of dclab.
    pos_x, pos_y
        Centroids of the events [µm], shape (N,).
    pixel_size
        Pixel size [µm].
    """
    points = batch.points.astype(np.float64)
    z = points[:, 0] - np.repeat(pos_x / pixel_size, batch.counts)
    r = points[:, 1] - np.repeat(pos_y / pixel_size, batch.counts)
    # the lower half is flipped up and runs the other way round, hence the minus
    upper = _revolve(batch, np.maximum(r, 0), z)
    lower = _revolve(batch, np.maximum(-r, 0), z)
    result: Floats = (upper - lower) / 2 * pixel_size**3
    return np.where(batch.counts >= FEWEST_POINTS, result, np.nan)


def _revolve(batch: ContourBatch, r: Floats, z: Floats) -> Floats:
    r1, z1 = next_points(batch, r), next_points(batch, z)
    cones = (z1 - z) * (r * r + r * r1 + r1 * r1)
    sums: Floats = np.add.reduceat(cones, batch.starts) * (np.pi / 3)
    return sums
