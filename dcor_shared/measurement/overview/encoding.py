"""Pictures as bytes, and outlines of masks.

Runs in sandboxed processes only.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image, WebPImagePlugin

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Contour = npt.NDArray[np.int32]

_POINTS_OF_AN_AREA = 3


def contour(mask: Bytes) -> Contour | None:
    """The longest outline of a mask as pixel coordinates (x, y), shape (P, 2); None without any."""
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    longest: Sequence[Any] = max(found, key=len, default=())
    if len(longest) < _POINTS_OF_AN_AREA:
        return None
    return np.asarray(longest, dtype=np.int32)[:, 0, :]


def png(image: Bytes) -> bytes:
    """A grey image as PNG."""
    return _encoded(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 6])


def mask_png(mask: Bytes) -> bytes:
    """A mask as PNG of 1 bit per pixel: white inside, black outside."""
    return _encoded(".png", (mask > 0).astype(np.uint8) * 255, [cv2.IMWRITE_PNG_BILEVEL, 1])


def webp(image: Bytes) -> bytes:
    """A grey image as WebP."""
    data = io.BytesIO()
    # slower methods save hardly any bytes of such small pictures
    Image.fromarray(image).save(data, WebPImagePlugin.WebPImageFile.format, quality=90, method=0)
    return data.getvalue()


def _encoded(kind: str, image: Bytes, parameters: list[int]) -> bytes:
    done, data = cv2.imencode(kind, image, parameters)
    if not done:
        raise RuntimeError(f"An image of shape {image.shape} cannot be written as {kind}.")
    return data.tobytes()
