"""Features of a range of events, read and computed batch by batch: memory stays flat.

While one batch is computed, the next one is read: HDF5 decompresses without holding Python back.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from dcor_shared.measurement.features import brightness, moments
from dcor_shared.measurement.features.contours import ContourBatch, contours_from_masks
from dcor_shared.measurement.features.volume import volume

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    import h5py
    import numpy.typing as npt

    Arrays = dict[str, npt.NDArray[Any]]

_IMAGES = frozenset({"image", "image_bg", "mask"})
_SHAPE = frozenset({"inert_ratio_cvx", "inert_ratio_prnc", "inert_ratio_raw", "tilt", "volume"})
_RAW_BRIGHTNESS = frozenset({"bright_avg", "bright_sd"})
_CORRECTED = frozenset({"bright_bc_avg", "bright_bc_sd", "bright_perc_10", "bright_perc_90"})
#: Features that can be computed here.
COMPUTABLE = _SHAPE | _RAW_BRIGHTNESS | _CORRECTED
#: Events of one batch, if the file is not chunked otherwise.
_BATCH = 100
_SHAPE_FUNCTIONS: dict[str, Callable[[ContourBatch], npt.NDArray[Any]]] = {
    "inert_ratio_cvx": moments.inert_ratio_cvx,
    "inert_ratio_prnc": moments.inert_ratio_prnc,
    "inert_ratio_raw": moments.inert_ratio_raw,
    "tilt": moments.tilt,
}


@dataclass(frozen=True)
class Plan:
    """What to compute, and from which stored features.

    Attributes
    ----------
    wanted
        Features to compute.
    inputs
        Stored features that are read.
    pixel_size
        Pixel size [µm], or None if it is not known.
    """

    wanted: frozenset[str]
    inputs: frozenset[str]
    pixel_size: float | None


def make_plan(events: h5py.Group, wanted: Collection[str], pixel_size: float | None) -> Plan:
    """Which of the wanted features can be computed from what the file holds.

    Images and masks must be stacks of 8-bit images, and everything must have the same length;
    otherwise the feature is not planned and left to dclab.
    """
    usable = _usable(events)
    planned: set[str] = set()
    inputs: set[str] = set()
    for name in COMPUTABLE.intersection(wanted):
        needs = _needs(name, usable)
        if needs <= usable and (name != "volume" or pixel_size):
            planned.add(name)
            inputs |= needs
    if planned & _CORRECTED and "bg_off" in events:
        inputs.add("bg_off")
    return Plan(frozenset(planned), frozenset(inputs), pixel_size)


def _usable(events: h5py.Group) -> set[str]:
    stacks = {name for name in _IMAGES & set(events) if _is_stack(events[name])}
    shapes = {events[name].shape for name in stacks}
    if len(shapes) > 1:
        return set()
    count = next((shape[0] for shape in shapes), None)
    scalars = {"pos_x", "pos_y", "bg_off"} & set(events)
    usable = stacks | {name for name in scalars if events[name].shape == (count,)}
    return usable | ({"contour"} if "contour" in events else set())


def _is_stack(dataset: Any) -> bool:
    return getattr(dataset, "ndim", 0) == 3 and dataset.dtype in {np.dtype("u1"), np.dtype("?")}  # noqa: PLR2004


def _needs(name: str, usable: set[str]) -> set[str]:
    if name in _SHAPE:
        # a contour that the recording software stored is never computed anew
        outline = {"contour"} if "contour" in usable else {"mask"}
        return outline | ({"pos_x", "pos_y"} if name == "volume" else set())
    return {"image", "mask"} | ({"image_bg"} if name in _CORRECTED else set())


def compute(events: h5py.Group, plan: Plan, start: int, stop: int) -> Arrays:
    """Features of the events from `start` to `stop` (exclusive), each of shape (stop - start,)."""
    parts: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in plan.wanted}
    for batch in _read_ahead(events, plan, start, stop):
        for name, values in _compute_batch(batch, plan).items():
            parts[name].append(values)
    return {name: np.concatenate(values) for name, values in parts.items() if values}


def _read_ahead(events: h5py.Group, plan: Plan, start: int, stop: int) -> Iterator[Arrays]:
    rows = _batch_rows(events, plan)
    edges = [start, *range(start - start % rows + rows, stop, rows), stop]
    with ThreadPoolExecutor(1) as reader:
        pending = None
        for begin, end in pairwise(edges):
            following = reader.submit(_read, events, plan, begin, end)
            if pending is not None:
                yield pending.result()
            pending = following
        if pending is not None:
            yield pending.result()


def _batch_rows(events: h5py.Group, plan: Plan) -> int:
    chunks = [events[name].chunks for name in _IMAGES & plan.inputs]
    rows = max((chunk[0] for chunk in chunks if chunk), default=_BATCH)
    return int(np.clip(rows, 10, 1000))


def _read(events: h5py.Group, plan: Plan, start: int, stop: int) -> Arrays:
    batch: Arrays = {}
    for name in plan.inputs - {"contour"}:
        batch[name] = events[name][start:stop]
        if name in _IMAGES:
            batch[name] = batch[name].view(np.uint8)
    if "contour" in plan.inputs:
        contours = events["contour"]
        batch["contour"] = np.array(
            [*(contours[str(index)][:] for index in range(start, stop)), None], dtype=object
        )[:-1]
    return batch


def _compute_batch(batch: Arrays, plan: Plan) -> Arrays:
    results: Arrays = {}
    if plan.wanted & _SHAPE:
        results |= _shape_features(batch, plan)
    if plan.wanted & (_RAW_BRIGHTNESS | _CORRECTED):
        results |= _brightness_features(batch, plan.wanted)
    return results


def _shape_features(batch: Arrays, plan: Plan) -> Arrays:
    if "contour" in batch:
        contours = ContourBatch.join(batch["contour"])
    else:
        contours = contours_from_masks(batch["mask"])
    results: Arrays = {
        name: function(contours)
        for name, function in _SHAPE_FUNCTIONS.items()
        if name in plan.wanted
    }
    if "volume" in plan.wanted:
        assert plan.pixel_size is not None  # noqa: S101 - make_plan has seen to it
        results["volume"] = volume(contours, batch["pos_x"], batch["pos_y"], plan.pixel_size)
    return results


def _brightness_features(batch: Arrays, wanted: Collection[str]) -> Arrays:
    background = batch.get("image_bg") if _CORRECTED & set(wanted) else None
    counts = brightness.histograms(batch["image"], batch["mask"], background)
    results = _named(("bright_avg", "bright_sd"), brightness.mean_and_sd(counts[0]))
    if background is not None:
        shift = -brightness.SHIFT
        offset = batch.get("bg_off", 0)
        mean, deviation = brightness.mean_and_sd(counts[1], shift)
        results |= {"bright_bc_avg": mean - offset, "bright_bc_sd": deviation}
        for percent in (10, 90):
            level = brightness.percentile(counts[1], percent, shift)
            results[f"bright_perc_{percent}"] = level - offset
    return {name: values for name, values in results.items() if name in wanted}


def _named(names: tuple[str, ...], values: tuple[npt.NDArray[Any], ...]) -> Arrays:
    return dict(zip(names, values, strict=True))
