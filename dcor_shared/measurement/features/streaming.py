"""Features of a range of events, read and computed batch by batch: memory stays flat."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from dcor_shared.measurement.features import brightness, moments, planning
from dcor_shared.measurement.features.boxes import bounding_boxes
from dcor_shared.measurement.features.contours import ContourBatch, contours_from_masks
from dcor_shared.measurement.features.stored_contours import read_contours
from dcor_shared.measurement.features.volume import volume

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import h5py
    import numpy.typing as npt

    from dcor_shared.measurement.features.boxes import Box
    from dcor_shared.measurement.features.planning import Plan

    Arrays = dict[str, npt.NDArray[Any]]
    #: Arrays by name; the contours of the batch are a `ContourBatch`.
    Batch = dict[str, Any]

#: Events of one batch: at most, and where there are no images.
_MOST = 1000
#: Bytes of images that are in memory at a time.
_BATCH_BYTES = 16 * 1024**2


def batch_rows(events: h5py.Group, plan: Plan) -> int:
    """Number of events that are read together: whole chunks, if they are of reasonable size."""
    stacks = [events[name] for name in planning.IMAGES & plan.inputs]
    event_bytes = sum(int(np.prod(stack.shape[1:])) for stack in stacks) or 1
    most = max(1, min(_MOST, _BATCH_BYTES // event_bytes))
    rows = max((stack.chunks[0] for stack in stacks if stack.chunks), default=1)
    return most - most % rows if rows <= most else most


def compute(events: h5py.Group, plan: Plan, start: int, stop: int) -> Arrays:
    """Features of the events from `start` to `stop` (exclusive), each of shape (stop - start,)."""
    results: Arrays = {}
    if not plan.wanted:
        return results
    rows = batch_rows(events, plan)
    inputs = {name: _Input.open(events, name, rows) for name in plan.inputs}
    for begin, end in pairwise(_edges(start, stop, rows)):
        batch = _compute_batch(_read(inputs, begin, end), plan)
        for name, values in batch.items():
            whole = results.setdefault(name, np.empty(stop - start, dtype=values.dtype))
            whole[begin - start : end - start] = values
    return results


def _edges(start: int, stop: int, rows: int) -> list[int]:
    return [start, *range(start - start % rows + rows, stop, rows), stop]


@dataclass(frozen=True)
class _Input:
    """A stored feature, and the memory for one batch of its images."""

    name: str
    data: Any
    buffer: npt.NDArray[Any] | None = None

    @classmethod
    def open(cls, events: h5py.Group, name: str, rows: int) -> Self:
        """Open a feature that is read in batches of so many events."""
        if name not in planning.IMAGES:
            return cls(name, events[name])
        chunks = events[name].chunks
        data = _without_cache(events, name) if chunks and chunks[0] <= rows else events[name]
        return cls(name, data, np.empty((rows, *data.shape[1:]), dtype=data.dtype))

    def read(self, start: int, stop: int) -> Any:
        """The events from `start` to `stop` (exclusive); images only until the next reading."""
        if self.name == "contour":
            return read_contours(self.data, start, stop)
        if self.buffer is None:
            return self.data[start:stop]
        images = self.buffer[: stop - start]
        self.data.read_direct(images, np.s_[start:stop])
        return images.view(np.uint8)


def _without_cache(events: h5py.Group, name: str) -> h5py.Dataset:
    """A dataset of which every chunk is read once: to keep chunks takes memory and time.

    It must not be open already: then it would keep the settings that it was opened with.
    """
    import h5py

    access = h5py.h5p.create(h5py.h5p.DATASET_ACCESS)
    access.set_chunk_cache(1, 0, 0.0)
    return h5py.Dataset(h5py.h5d.open(events.id, name.encode(), access))


def _read(inputs: Mapping[str, _Input], start: int, stop: int) -> Batch:
    return {name: one.read(start, stop) for name, one in inputs.items()}


def _compute_batch(batch: Batch, plan: Plan) -> Arrays:
    boxes = bounding_boxes(batch["mask"]) if "mask" in batch else []
    results: Arrays = {}
    if plan.wanted & planning.SHAPE:
        contours = batch.get("contour") or contours_from_masks(batch["mask"], boxes)
        results |= _shape_features(contours, batch, plan)
    if plan.wanted & planning.RAW_BRIGHTNESS:
        results |= _raw_brightness(batch, boxes)
    if plan.wanted & planning.CORRECTED_BRIGHTNESS:
        results |= _corrected_brightness(batch, boxes)
    return {name: results[name] for name in plan.wanted}


def _shape_features(contours: ContourBatch, batch: Batch, plan: Plan) -> Arrays:
    raw = moments.central_moments(contours, contours.points)
    results: Arrays = {"inert_ratio_raw": moments.inert_ratio(raw), "tilt": moments.tilt(raw)}
    if "inert_ratio_prnc" in plan.wanted:
        results["inert_ratio_prnc"] = moments.inert_ratio_prnc(contours, raw)
    if "inert_ratio_cvx" in plan.wanted:
        results["inert_ratio_cvx"] = moments.inert_ratio_cvx(contours)
    if "volume" in plan.wanted and plan.pixel_size:
        results["volume"] = volume(contours, batch["pos_x"], batch["pos_y"], plan.pixel_size)
    return results


def _raw_brightness(batch: Batch, boxes: Sequence[Box]) -> Arrays:
    counts = brightness.histogram(batch["image"], batch["mask"], boxes)
    mean, deviation = brightness.mean_and_sd(counts)
    return {"bright_avg": mean, "bright_sd": deviation}


def _corrected_brightness(batch: Batch, boxes: Sequence[Box]) -> Arrays:
    counts = brightness.corrected_histogram(batch["image"], batch["mask"], batch["image_bg"], boxes)
    lowest, offset = -brightness.SHIFT, batch.get("bg_off", 0)
    mean, deviation = brightness.mean_and_sd(counts, lowest)
    results = {"bright_bc_avg": mean - offset, "bright_bc_sd": deviation}
    for percent, level in brightness.percentiles(counts, (10, 90), lowest).items():
        results[f"bright_perc_{percent}"] = level - offset
    return results
