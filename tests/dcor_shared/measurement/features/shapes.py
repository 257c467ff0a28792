"""Masks of all kinds, by name: what real events look like, and what nobody expects."""

from __future__ import annotations

import cv2
import numpy as np

HEIGHT, WIDTH = 60, 90


def _blank():
    return np.zeros((HEIGHT, WIDTH), dtype=np.uint8)


def _ellipse(mask, center, axes, angle=0.0, value=1):
    return cv2.ellipse(mask, center, axes, angle, 0, 360, value, -1)


def _noise(seed, fraction):
    random = np.random.default_rng(seed)
    mask = _blank()
    mask[15:45, 20:70] = random.random((30, 50)) < fraction
    return mask


def _with(*places):
    mask = _blank()
    for place in places:
        mask[place] = 1
    return mask


def _holed():
    return _ellipse(_ellipse(_blank(), (45, 30), (20, 14)), (45, 30), (6, 4), value=0)


def _two_blobs(second):
    return _ellipse(_ellipse(_blank(), (25, 30), (14, 10)), (65, 30), second)


#: Masks that have a contour according to dclab.
SHAPES = {
    "ellipse": _ellipse(_blank(), (45, 30), (20, 12)),
    "turned ellipse": _ellipse(_blank(), (45, 30), (24, 8), angle=33),
    "circle": _ellipse(_blank(), (45, 30), (15, 15)),
    "small": _ellipse(_blank(), (45, 30), (3, 2)),
    "hole": _holed(),
    "two holes": _holed() & ~_with(np.s_[20:22, 40:44]),
    "island in a hole": _holed() | _with(np.s_[29:31, 44:46]),
    "two blobs, the second smaller": _two_blobs((4, 3)),
    "two blobs, the second larger": _two_blobs((18, 14)),
    "two blobs of equal size": _two_blobs((14, 10)),
    "touching corners": _with(np.s_[10:20, 20:30], np.s_[20:30, 30:40]),
    "left border": _ellipse(_blank(), (0, 30), (15, 10)),
    "right border": _ellipse(_blank(), (WIDTH - 1, 30), (15, 10)),
    "upper border": _ellipse(_blank(), (45, 0), (15, 10)),
    "lower border": _ellipse(_blank(), (45, HEIGHT - 1), (15, 10)),
    "corner": _ellipse(_blank(), (0, 0), (15, 10)),
    "one pixel from the border": _with(np.s_[1 : HEIGHT - 1, 1 : WIDTH - 1]),
    "two pixels": _with(np.s_[30, 45:47]),
    "two pixels across": _with(np.s_[30, 45], np.s_[31, 46]),
    "horizontal line": _with(np.s_[30, 20:70]),
    "vertical line": _with(np.s_[10:50, 45]),
    "cross": _with(np.s_[30, 20:70], np.s_[10:50, 45]),
    "ellipse with a hair": _ellipse(_blank(), (30, 30), (14, 10)) | _with(np.s_[30, 20:70]),
    "square": _with(np.s_[20:40, 35:55]),
    "frame": _with(np.s_[20:40, 35:55]) & ~_with(np.s_[25:35, 40:50]),
    "full row": _with(np.s_[30, :]),
    **{f"noise {fraction}": _noise(7, fraction) for fraction in (0.1, 0.4, 0.6, 0.9)},
}
#: Masks for which dclab gives up, and with them the feature of all events.
WITHOUT_CONTOUR = {
    "empty": _blank(),
    "full": np.ones((HEIGHT, WIDTH), dtype=np.uint8),
    "single pixel": _with(np.s_[30, 45]),
    "single pixel at the border": _with(np.s_[0, 45]),
}


def pictures(number, seed=3):
    """Images and backgrounds of `number` events, shape (number, H, W)."""
    random = np.random.default_rng(seed)
    shape = (number, HEIGHT, WIDTH)
    images = random.integers(0, 256, shape, dtype=np.uint8)
    return images, random.integers(0, 256, shape, dtype=np.uint8)
