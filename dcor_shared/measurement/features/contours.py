"""Contours of event masks, identical to those of dclab but for their starting point.

dclab walks along the mask with marching squares at a level just below one. For one blob without
holes that does not touch the image border this is what OpenCV's border following gives; all other
masks (rare in real data) are handed to dclab itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from dcor_shared.measurement.features.boxes import Box


@dataclass(frozen=True)
class ContourBatch:
    """Contours of several events, end to end.

    Attributes
    ----------
    points
        Pixel coordinates (x, y) of all contours, shape (P, 2), int64.
    starts
        Index of the first point of each event, shape (N,).
    counts
        Number of points of each event, shape (N,); at least 1.
    """

    points: npt.NDArray[np.int64]
    starts: npt.NDArray[np.intp]
    counts: npt.NDArray[np.intp]

    @classmethod
    def join(cls, contours: Iterable[npt.NDArray[np.integer]]) -> ContourBatch:
        """Put contours, each of shape (n, 2), end to end."""
        parts = list(contours)
        counts = np.array([len(part) for part in parts], dtype=np.intp)
        starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.intp)
        return cls(np.concatenate(parts).astype(np.int64), starts, counts)

    def __len__(self) -> int:
        return len(self.counts)


def contours_from_masks(masks: npt.NDArray[np.uint8], boxes: Sequence[Box]) -> ContourBatch:
    """Contours of a stack of masks.

    A mask without any pixel gets a contour of one point, from which every feature follows as NaN.

    Parameters
    ----------
    masks
        Shape (N, H, W), zero outside the event.
    boxes
        Bounding box of each mask.
    """
    return ContourBatch.join(map(_contour, masks, boxes))


def _contour(mask: npt.NDArray[np.uint8], box: Box) -> npt.NDArray[np.integer]:
    x, y, width, height = box
    if not width:
        return np.zeros((1, 2), dtype=np.int64)
    if x and y and y + height < mask.shape[0] and x + width < mask.shape[1]:
        inside = mask[y : y + height, x : x + width]
        found, _ = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE, offset=(x, y))
        if len(found) == 1:
            return np.asarray(found[0][:, 0, :])
    return _contour_by_dclab(mask)


def _contour_by_dclab(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.integer]:
    from dclab.features.contour import NoValidContourFoundError, get_contour

    try:
        contour: npt.NDArray[np.integer] = get_contour(mask.astype(bool))
    except (NoValidContourFoundError, IndexError):
        # a mask that fills its image has no contour
        return np.zeros((1, 2), dtype=np.int64)
    return contour
