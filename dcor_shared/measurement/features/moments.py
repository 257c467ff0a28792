"""Shape features from contour moments: inertia ratios and tilt.

Moments of a polygon by Green's theorem, as in OpenCV's ``contourMoments`` and dclab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from dcor_shared.measurement.features.contours import ContourBatch

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

#: Twice the area [px²] at or below which a contour has no moments (FLT_EPSILON, as in dclab).
SMALLEST_DOUBLE_AREA = 1.19209e-07


@dataclass(frozen=True)
class CentralMoments:
    """Central second moments of N contours; NaN where a contour encloses no area."""

    mu20: Floats
    mu11: Floats
    mu02: Floats


def next_points(batch: ContourBatch, points: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """For every point, its successor on the (closed) contour of the same event."""
    index = np.arange(1, len(points) + 1)
    index[batch.starts + batch.counts - 1] = batch.starts
    return points[index]


def central_moments(batch: ContourBatch, points: npt.NDArray[Any]) -> CentralMoments:
    """Central second moments of each contour; `points` may be a moved copy of the batch's."""
    x0, y0 = points.T
    x1, y1 = next_points(batch, points).T
    cross = x1 * y0 - x0 * y1

    def total(values: npt.NDArray[Any]) -> Floats:
        return np.add.reduceat(values, batch.starts).astype(np.float64)

    double_area = total(cross)
    sign = np.where(double_area < 0, -1.0, 1.0)
    area = np.where(np.abs(double_area) > SMALLEST_DOUBLE_AREA, double_area * (sign * 0.5), np.nan)
    # dclab multiplies by these fractions: dividing would round differently, and the tilt of a
    # symmetric contour hangs on the last bit
    sixth, twelfth, twenty_fourth = (sign * fraction for fraction in (1 / 6, 1 / 12, 1 / 24))
    m10 = total(cross * (x0 + x1)) * sixth
    m01 = total(cross * (y0 + y1)) * sixth
    m20 = total(cross * (x1 * (x0 + x1) + x0**2)) * twelfth
    m02 = total(cross * (y1 * (y0 + y1) + y0**2)) * twelfth
    m11 = total(cross * (x1 * (2 * y1 + y0) + x0 * (y1 + 2 * y0))) * twenty_fourth
    center_x, center_y = m10 / area, m01 / area
    return CentralMoments(m20 - m10 * center_x, m11 - m10 * center_y, m02 - m01 * center_y)


def inert_ratio(moments: CentralMoments) -> Floats:
    """Inertia ratio ``sqrt(mu20 / mu02)`` of each contour."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = np.sqrt(moments.mu20 / moments.mu02)
    return ratio


def inert_ratio_cvx(batch: ContourBatch) -> Floats:
    """Inertia ratio of the convex hull of each contour."""
    parts = np.split(batch.points.astype(np.int32), batch.starts[1:])
    hulls = ContourBatch.join(cv2.convexHull(part)[:, 0, :] for part in parts)
    return inert_ratio(central_moments(hulls, hulls.points))


def inert_ratio_prnc(batch: ContourBatch, moments: CentralMoments) -> npt.NDArray[np.float32]:
    """Inertia ratio along the principal axes, independent of rotation; float32 as in dclab."""
    angle = 0.5 * np.arctan2(2 * moments.mu11, moments.mu02 - moments.mu20) + np.pi / 2
    cos, sin = (np.repeat(f(angle), batch.counts) for f in (np.cos, np.sin))
    x, y = batch.points.T.astype(np.float64)
    turned = np.stack([x * cos - y * sin, x * sin + y * cos], axis=1)
    return inert_ratio(central_moments(batch, turned)).astype(np.float32)


def tilt(moments: CentralMoments) -> Floats:
    """Absolute tilt of each contour against the channel axis [rad], 0 to π/2."""
    angle: Floats = 0.5 * np.arctan2(-2 * moments.mu11, moments.mu20 - moments.mu02)
    return np.abs(angle)
