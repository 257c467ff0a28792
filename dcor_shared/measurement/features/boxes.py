"""Where the event is in its image: everything else is looked at only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: Left edge, upper edge, width and height [px]; width and height are 0 for an empty mask.
Box = tuple[int, int, int, int]


def bounding_boxes(masks: npt.NDArray[np.uint8]) -> list[Box]:
    """Smallest box around the pixels of each mask of a stack, shape (N, H, W)."""
    return [cv2.boundingRect(mask) for mask in masks]
