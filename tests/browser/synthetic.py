"""A made-up measurement as the page gets it: overview bundle, single events, batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from .containers import Blocks, container
from .texts import METADATA

_WIDTH, _HEIGHT = 250, 80
_TILE = 48
_PIXEL = 0.34
_RATE = 312_500
_SAMPLES = 177

#: name, label, unit, group
FEATURES = [
    ("area_um", "Area", "µm²", "shape"),
    ("circ", "Circularity", "", "shape"),
    ("deform", "Deformation", "", "shape"),
    ("bright_avg", "Brightness average within contour", "a.u.", "brightness"),
    ("bright_sd", "Brightness SD within contour", "a.u.", "brightness"),
    ("fl1_max", "FL-1 maximum", "a.u.", "fluorescence"),
    ("fl1_pos", "FL-1 peak position", "µs", "fluorescence"),
    ("fl1_width", "FL-1 width", "µs", "fluorescence"),
    ("emodulus", "Young's modulus", "kPa", "mechanics"),
    ("frame", "Video frame number", "", "position"),
    ("time", "Event time", "s", "position"),
    ("volume", "Volume", "µm³", "size"),
    ("index", "Index (Dataset)", "", "other"),
]
STATISTICS = [
    "Mean",
    "Median",
    "Mode",
    "SD",
    "10th Percentile",
    "25th Percentile",
    "75th Percentile",
    "90th Percentile",
]


@dataclass(frozen=True)
class Synthetic:
    """A measurement made of numbers.

    Attributes
    ----------
    events
        Number of events.
    sampled
        How many of them the bundle holds; all if there are not more.
    name
        Name of the resource.
    sample
        Name of the sample.
    images
        Whether there are images.
    unreadable
        Events whose images cannot be read one by one.
    notes
        What is missing.
    """

    events: int = 1200
    sampled: int = 20_000
    name: str = "beads.rtdc"
    sample: str = "made up"
    images: bool = True
    unreadable: frozenset[int] = frozenset()
    notes: list[dict[str, str]] = field(default_factory=list)

    @cached_property
    def features(self) -> list[tuple[str, str, str, str]]:
        """Name, label, unit and group of all features."""
        return FEATURES

    @property
    def metadata(self) -> dict[str, Any]:
        """The answer `metadata.json`."""
        return METADATA

    @cached_property
    def values(self) -> dict[str, np.ndarray]:
        """Values of all features for all events."""
        rng = np.random.default_rng(42)
        n = self.events
        second = rng.random(n) < 0.3
        area = np.where(second, rng.normal(160, 22, n), rng.normal(62, 13, n)).clip(8)
        deform = np.abs(np.where(second, rng.normal(0.04, 0.016, n), rng.normal(0.13, 0.04, n)))
        deform[: n // 50] = np.nan
        brightness = rng.normal(110, 8, n) + 20 * second
        peak = rng.lognormal(6, 1.2, n)
        found = {
            "area_um": area.astype("f4"),
            "circ": (1 - deform).astype("f4"),
            "deform": deform.astype("f4"),
            "bright_avg": brightness.astype("f4"),
            "bright_sd": np.abs(rng.normal(12, 3, n)).astype("f4"),
            "fl1_max": peak.astype("f4"),
            "fl1_pos": rng.normal(280, 40, n).astype("f4"),
            "fl1_width": rng.uniform(20, 60, n).astype("f4"),
            "emodulus": np.where(area > 30, 1 + 0.01 * area - deform, np.nan).astype("f4"),
            "frame": np.sort(rng.integers(0, 1_000_000, n)).astype("u4"),
            "time": np.sort(rng.uniform(0, 300, n)),
            "volume": (area**1.5).astype("f4"),
            "index": np.arange(1, n + 1).astype("u4"),
        }
        return {name: found[name] for name, *_ in FEATURES}

    @cached_property
    def index(self) -> np.ndarray:
        """Original indices of the sampled events."""
        if self.events <= self.sampled:
            return np.arange(self.events)
        rng = np.random.default_rng(7)
        return np.sort(rng.choice(self.events, self.sampled, replace=False))

    @cached_property
    def bundle(self) -> bytes:
        """The artifact `view`."""
        blocks = Blocks()
        columns = {
            name: blocks.array(self.values[name][self.index]) for name in ("area_um", "deform")
        }
        density = blocks.array(self._density()) | {"x": "area_um", "y": "deform"}
        isoelastics = self._isoelastics(blocks)
        first = blocks.size
        for name, *_ in self.features:
            columns.setdefault(name, blocks.array(self.values[name][self.index]))
        header = {
            "format": 1,
            "kind": "view",
            "step_version": 1,
            "source_etag": "e1",
            "sample": self.sample,
            "event_count": self.events,
            "sampled": len(self.index),
            "sampling": "all" if len(self.index) == self.events else "grid",
            "first": first,
            "axes": {"x": "area_um", "y": "deform"} if self.events else None,
            "features": [self._feature(entry, columns[entry[0]]) for entry in self.features],
            "index": blocks.array(self.index.astype("u4")),
            "density": density,
            "rows": blocks.array(
                np.array([self.values[n][self.index] for n, *_ in self.features], "f8").T
            ),
            "quantiles": blocks.array(self._quantiles()),
            "statistics": blocks.add(self._statistics()),
            "isoelastics": isoelastics,
            "sprites": self._sprites(blocks, self._overview()),
            "traces": {
                "names": ["fl1_raw", "fl1_median"],
                "sample_rate": _RATE,
                "samples": _SAMPLES,
            },
            "images": {
                "image": self.images,
                "image_bg": self.images,
                "mask": self.images,
                "contour": False,
                "where": "file" if self.images else None,
                "shape": [_HEIGHT, _WIDTH] if self.images else None,
                "pixel_size": _PIXEL,
            },
            "notes": self.notes,
        }
        return container(header, blocks)

    @property
    def first(self) -> int:
        """Bytes that the first plot needs."""
        import json

        length = int(np.frombuffer(self.bundle[12:16], "<u4")[0])
        return json.loads(self.bundle[16 : 16 + length])["first"]

    def event(self, index: int) -> bytes:
        """The answer `events/<index>.bin`."""
        blocks = Blocks()
        rng = np.random.default_rng(index)
        trace = rng.normal(0, 20, _SAMPLES) + 3000 * np.exp(
            -(((np.arange(_SAMPLES) - 88) / 8) ** 2)
        )
        image, mask = self._image(index)
        header: dict[str, Any] = {
            "format": 1,
            "kind": "event",
            "contour": _contour(mask) if self.images else None,
            "shape": [_HEIGHT, _WIDTH] if self.images else None,
            "missing": []
            if self.images
            else [{"code": "no-images", "text": "There are no images."}],
            "image": _png(blocks, image) if self.images else None,
            "background": _png(blocks, np.full_like(image, 128)) if self.images else None,
            "mask": _png(blocks, mask) if self.images else None,
            "traces": [
                {"name": "fl1_raw"} | blocks.array(trace.astype("i2")),
                {"name": "fl1_median"} | blocks.array((0.8 * trace).astype("i2")),
            ],
            "sample_rate": _RATE,
        }
        return container(header, blocks)

    def event_values(self, index: int) -> dict[str, float | None]:
        """The values in `events/<index>.json`."""
        return {name: _number(self.values[name][index]) for name, *_ in self.features}

    def batch(self, indices: list[int]) -> bytes:
        """The answer `events.bin`."""
        blocks = Blocks()
        names = [name for name, *_ in self.features]
        header = {
            "format": 1,
            "kind": "events",
            "features": names,
            "index": blocks.array(np.array(indices, "u4")),
            "rows": blocks.array(np.array([self.values[n][indices] for n in names], "f8").T),
            "sprites": self._sprites(blocks, [i for i in indices if i not in self.unreadable]),
        }
        return container(header, blocks)

    def _feature(self, entry: tuple[str, str, str, str], block: dict[str, Any]) -> dict[str, Any]:
        name, label, unit, group = entry
        finite = self.values[name][np.isfinite(self.values[name])].astype("f8")
        p01, p99 = np.percentile(finite, [1, 99]) if finite.size else (None, None)
        return {
            "name": name,
            "label": label,
            "unit": unit,
            "group": group,
            "min": finite.min() if finite.size else None,
            "max": finite.max() if finite.size else None,
            "p01": p01,
            "p99": p99,
            "finite": int(finite.size),
            "positive": bool(finite.size and finite.min() > 0),
            "constant": bool(finite.size and finite.min() == finite.max()),
        } | block

    def _density(self) -> np.ndarray:
        x, y = self.values["area_um"][self.index], self.values["deform"][self.index]
        good = np.isfinite(x) & np.isfinite(y)
        found = np.zeros(len(x))
        if good.any():
            counts, xs, ys = np.histogram2d(x[good], y[good], bins=40)
            smooth = cv2.GaussianBlur(counts, (0, 0), 1.2)
            column = np.clip(np.searchsorted(xs, x[good]) - 1, 0, 39)
            row = np.clip(np.searchsorted(ys, y[good]) - 1, 0, 39)
            found[good] = smooth[column, row] / smooth.max()
        return (65_535 * found).astype("u2")

    def _quantiles(self) -> np.ndarray:
        rows = []
        for name, *_ in self.features:
            finite = self.values[name][np.isfinite(self.values[name])]
            rows.append(
                np.percentile(finite, np.arange(101)) if finite.size else np.full(101, np.nan)
            )
        return np.array(rows, "f8")

    def _statistics(self) -> bytes:
        import json

        def row(values: np.ndarray) -> list[float | None]:
            finite = values[np.isfinite(values)].astype("f8")
            if not finite.size:
                return [None] * len(STATISTICS)
            tenth, quarter, three, ninety = np.percentile(finite, [10, 25, 75, 90])
            middle = [finite.mean(), np.median(finite), np.median(finite), finite.std()]
            return [float(value) for value in (*middle, tenth, quarter, three, ninety)]

        values = {name: row(self.values[name]) for name, *_ in self.features}
        found = {"events": self.events, "flow_rate": 0.06, "names": STATISTICS, "values": values}
        return json.dumps(found).encode()

    def _isoelastics(self, blocks: Blocks) -> dict[str, Any]:
        lines, counts, moduli = [], [], []
        for step, modulus in enumerate((0.5, 0.7, 1.0, 1.5, 2.5)):
            x = np.linspace(10, 240, 60)
            y = (0.02 + 0.0006 * x) * (1.4 - 0.22 * step)
            lines.append(np.column_stack([x, y]))
            counts.append(len(x))
            moduli.append(modulus)
        table = {"lut": "LE-2D-FEM-19", "x": "area_um", "y": "deform", "emodulus": moduli}
        block = blocks.array(np.vstack(lines).astype("f4"))
        return {"lines": [table | {"counts": counts, "pixelated": None} | block], "missing": None}

    def _overview(self) -> list[int]:
        return np.unique(np.linspace(0, self.events - 1, min(96, self.events)).astype(int)).tolist()

    def _sprites(self, blocks: Blocks, events: list[int]) -> dict[str, Any]:
        missing = None if self.images else {"code": "no-images", "text": "There are no images."}
        groups = [events[start : start + 48] for start in range(0, len(events), 48)]
        sheets = [self._sheet(blocks, group) for group in groups] if self.images else []
        return {"tile": [_TILE, _TILE], "columns": 8, "sheets": sheets, "missing": missing}

    def _sheet(self, blocks: Blocks, events: list[int]) -> dict[str, Any]:
        rows = -(-len(events) // 8)
        image = np.zeros((rows * _TILE, 8 * _TILE), "u1")
        masks = np.zeros_like(image)
        boxes, places = [], []
        for turn, event in enumerate(events):
            whole, mask = self._image(event)
            ys, xs = np.nonzero(mask)
            left, top = max(0, xs.min() - 5), max(0, ys.min() - 5)
            width, height = min(_TILE, xs.max() + 6 - left), min(_TILE, ys.max() + 6 - top)
            x = (turn % 8) * _TILE + (_TILE - width) // 2
            y = (turn // 8) * _TILE + (_TILE - height) // 2
            image[y : y + height, x : x + width] = whole[top : top + height, left : left + width]
            masks[y : y + height, x : x + width] = mask[top : top + height, left : left + width]
            boxes.append([int(left), int(top), int(width), int(height)])
            places.append([int(x), int(y)])
        webp = cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, 90])[1].tobytes()
        found = {"events": events, "boxes": boxes, "places": places}
        return found | {
            "image": blocks.add(webp) | {"type": "image/webp"},
            "mask": _png(blocks, masks),
        }

    def _image(self, event: int) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(event)
        image = rng.normal(128, 3, (_HEIGHT, _WIDTH))
        mask = np.zeros((_HEIGHT, _WIDTH), "u1")
        radius = np.sqrt(self.values["area_um"][event] / np.pi) / _PIXEL
        squeeze = 1 + 2 * np.nan_to_num(self.values["deform"][event])
        axes = (int(min(radius * squeeze, 21)), int(max(3, min(radius / squeeze, 18))))
        centre = (int(110 + 30 * rng.random()), 40)
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, -1)
        rim = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), "u1")) > 0
        image[mask > 0] += 18
        image[rim] -= 60
        return cv2.GaussianBlur(image, (0, 0), 0.8).clip(0, 255).astype("u1"), mask


def _png(blocks: Blocks, pixels: np.ndarray) -> dict[str, Any]:
    return blocks.add(cv2.imencode(".png", pixels)[1].tobytes()) | {"type": "image/png"}


def _contour(mask: np.ndarray) -> list[list[int]]:
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return found[0][:, 0].tolist()


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
