"""Brightness features: grey values below the mask, counted into one histogram per event.

All statistics follow exactly from the histograms, so every pixel is visited once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from dcor_shared.measurement.features.boxes import Box

    Floats = npt.NDArray[np.float64]
    Bytes = npt.NDArray[np.uint8]
    Counts = npt.NDArray[np.float64]

#: Grey values of an image, and of an image minus its background (shifted by 255).
LEVELS, CORRECTED_LEVELS = 256, 511
SHIFT = 255


def histogram(images: Bytes, masks: Bytes, boxes: Sequence[Box]) -> Counts:
    """Histograms of the pixels below each mask, shape (N, 256).

    Parameters
    ----------
    images, masks
        Stacks of shape (N, H, W); masks are zero outside the event.
    boxes
        Bounding box of each mask.
    """
    counts = np.zeros((len(masks), LEVELS), dtype=np.float64)
    for index, (x, y, width, height) in enumerate(boxes):
        if width:
            box = np.s_[index, y : y + height, x : x + width]
            counts[index] = _count(images[box], masks[box], LEVELS)
    return counts


def corrected_histogram(
    images: Bytes, masks: Bytes, backgrounds: Bytes, boxes: Sequence[Box]
) -> Counts:
    """Histograms of image minus background below each mask, shape (N, 511); zero is column 255.

    Parameters
    ----------
    images, masks, backgrounds
        Stacks of shape (N, H, W); masks are zero outside the event.
    boxes
        Bounding box of each mask.
    """
    counts = np.zeros((len(masks), CORRECTED_LEVELS), dtype=np.float64)
    for index, (x, y, width, height) in enumerate(boxes):
        if width:
            box = np.s_[index, y : y + height, x : x + width]
            shifted = images[box].astype(np.uint16) + (SHIFT - backgrounds[box])
            counts[index] = _count(shifted, masks[box], CORRECTED_LEVELS)
    return counts


def _count(values: npt.NDArray[np.generic], mask: Bytes, levels: int) -> npt.NDArray[np.float32]:
    counts = cv2.calcHist([values], [0], np.ascontiguousarray(mask), [levels], [0, levels])
    return np.asarray(counts[:, 0], dtype=np.float32)


def mean_and_sd(counts: Counts, first_level: int = 0) -> tuple[Floats, Floats]:
    """Mean and (population) standard deviation; NaN where nothing was counted."""
    levels = np.arange(counts.shape[1], dtype=np.float64) + first_level
    with np.errstate(invalid="ignore", divide="ignore"):
        total = counts.sum(axis=1)
        mean = counts @ levels / total
        variance = (total * (counts @ levels**2) - (counts @ levels) ** 2) / total**2
    return mean, np.sqrt(np.maximum(variance, 0))


def percentiles(counts: Counts, percents: Sequence[int], first_level: int = 0) -> dict[int, Floats]:
    """Percentiles with linear interpolation between neighbouring values, as numpy's default."""
    cumulated = counts.cumsum(axis=1)
    return {percent: _percentile(cumulated, percent) + first_level for percent in percents}


def _percentile(cumulated: Counts, percent: int) -> Floats:
    total = cumulated[:, -1]
    place = np.maximum(total - 1, 0) * (percent / 100)
    below, above = (_value_at(cumulated, rank) for rank in (np.floor(place), np.ceil(place)))
    value = below + (above - below) * (place - np.floor(place))
    return np.where(total > 0, value, np.nan)


def _value_at(cumulated: Counts, rank: Floats) -> Floats:
    """Level of the value with this rank (0 is the smallest)."""
    return np.asarray((cumulated <= rank[:, None]).sum(axis=1), dtype=np.float64)
