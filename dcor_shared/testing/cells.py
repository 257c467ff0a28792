"""Synthetic bright-field images of cells in a channel, and the features that belong to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Values = NDArray[np.float64]

HEIGHT, WIDTH = 80, 250
#: µm per pixel
PIXEL_SIZE = 0.34
_HALF = 28
_BRIGHTNESS, _NOISE = 140.0, 3.0


@dataclass(frozen=True)
class Cells:
    """Some events: images and masks (n, 80, 250), and scalar features (n,) by name."""

    image: Image
    image_bg: Image
    mask: NDArray[np.bool_]
    features: dict[str, Values]


class Camera:
    """Takes pictures of random cells; the same seed gives the same pictures.

    Parameters
    ----------
    seed
        Start of the random numbers.
    """

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._background = self._channel()
        # noise is cut out of one large piece: fresh noise for each image takes too long
        self._noise = self._random.normal(0, _NOISE, (4 * HEIGHT, 4 * WIDTH)).astype(np.float32)

    def _channel(self) -> NDArray[np.float32]:
        """Empty channel: even light, two dark walls, and dirt that does not move."""
        rows = np.arange(HEIGHT)[:, None]
        light = _BRIGHTNESS + 6 * np.sin(np.arange(WIDTH)[None, :] / 40)
        walls = 60 * np.exp(-((rows - 6) ** 2) / 6) + 60 * np.exp(-((rows - 73) ** 2) / 6)
        dirt = self._random.normal(0, 1.5, (HEIGHT, WIDTH))
        return np.asarray(light - walls + dirt, dtype=np.float32)

    def take(self, number: int) -> Cells:
        """Pictures of `number` cells, one per picture."""
        images = np.empty((number, HEIGHT, WIDTH), dtype=np.uint8)
        backgrounds = np.empty_like(images)
        masks = np.zeros((number, HEIGHT, WIDTH), dtype=bool)
        backgrounds[:] = np.clip(self._background, 0, 255).astype(np.uint8)
        for index in range(number):
            self._take_one(images[index], masks[index])
        return Cells(images, backgrounds, masks, _measure(images, backgrounds, masks))

    def _take_one(self, image: Image, mask: NDArray[np.bool_]) -> None:
        random = self._random
        x, y = random.uniform(_HALF + 2, WIDTH - _HALF - 2), random.uniform(36, 44)
        shape, shade = _cell(random.uniform(13, 22), random.uniform(10, 15), x % 1, y % 1)
        area = np.s_[int(y) - _HALF : int(y) + _HALF + 1, int(x) - _HALF : int(x) + _HALF + 1]
        top, left = random.integers(0, 3 * HEIGHT), random.integers(0, 3 * WIDTH)
        picture = self._background + self._noise[top : top + HEIGHT, left : left + WIDTH]
        picture[area] += shade
        image[:] = np.clip(picture, 0, 255)
        mask[area] = shape


def _cell(
    a: float, b: float, shift_x: float, shift_y: float
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Mask and shade of an egg with half axes `a` and `b` pixels: dark rim, bright core."""
    grid = np.arange(-_HALF, _HALF + 1, dtype=np.float32)
    x, y = grid[None, :] - shift_x, grid[:, None] - shift_y
    radius = np.sqrt((x / a) ** 2 + (y / (b * (1 + 0.15 * x / a))) ** 2)
    rim = -55 * np.exp(-(((radius - 0.92) / 0.1) ** 2))
    core = 25 * np.exp(-((radius / 0.45) ** 2))
    return radius <= 1, (rim + core).astype(np.float32)


def _measure(images: Image, backgrounds: Image, masks: NDArray[np.bool_]) -> dict[str, Values]:
    rows = [_measure_one(*event) for event in zip(images, backgrounds, masks, strict=True)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _measure_one(image: Image, background: Image, mask: NDArray[np.bool_]) -> dict[str, float]:
    """Features of one event as dclab defines them."""
    import cv2

    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = cv2.convexHull(contours[0])
    moments, hull_area = cv2.moments(contours[0]), cv2.contourArea(hull)
    _, _, width, height = cv2.boundingRect(contours[0])
    circularity = 2 * np.sqrt(np.pi * hull_area) / cv2.arcLength(hull, closed=True)
    inside = image[mask]
    corrected = inside.astype(float) - background[mask]
    return {
        "area_cvx": hull_area,
        "area_msd": moments["m00"],
        "area_ratio": hull_area / moments["m00"],
        "area_um": hull_area * PIXEL_SIZE**2,
        "aspect": width / height,
        "bright_avg": float(inside.mean()),
        "bright_sd": float(inside.std()),
        "bright_bc_avg": float(corrected.mean()),
        "bright_bc_sd": float(corrected.std()),
        "circ": circularity,
        "deform": 1 - circularity,
        "inert_ratio_cvx": float(np.sqrt(moments["mu20"] / moments["mu02"])),
        "pos_x": moments["m10"] / moments["m00"] * PIXEL_SIZE,
        "pos_y": moments["m01"] / moments["m00"] * PIXEL_SIZE,
        "size_x": width * PIXEL_SIZE,
        "size_y": height * PIXEL_SIZE,
    }
