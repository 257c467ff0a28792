"""Which features can be computed here, and what has to be read for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    import h5py

IMAGES = frozenset({"image", "image_bg", "mask"})
SHAPE = frozenset({"inert_ratio_cvx", "inert_ratio_prnc", "inert_ratio_raw", "tilt", "volume"})
RAW_BRIGHTNESS = frozenset({"bright_avg", "bright_sd"})
CORRECTED_BRIGHTNESS = frozenset(
    {"bright_bc_avg", "bright_bc_sd", "bright_perc_10", "bright_perc_90"}
)
BRIGHTNESS = RAW_BRIGHTNESS | CORRECTED_BRIGHTNESS
#: Features that can be computed here.
COMPUTABLE = SHAPE | BRIGHTNESS
_STACK_RANK = 3


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

    def only(self, features: Collection[str]) -> Plan:
        """The same plan for some of its features."""
        wanted = self.wanted & set(features)
        inputs = {name for feature in wanted for name in _needs(feature, self.inputs)}
        if wanted & CORRECTED_BRIGHTNESS:
            inputs |= self.inputs & {"bg_off"}
        return Plan(wanted, frozenset(inputs), self.pixel_size)


def make_plan(
    events: h5py.Group,
    wanted: Collection[str],
    pixel_size: float | None,
    *,
    count: int,
    elsewhere: Collection[str] = (),
) -> Plan:
    """Which of the wanted features can be computed from what the file holds.

    Parameters
    ----------
    events
        The group of that name.
    wanted
        Names of features; those that cannot be computed here are left to dclab.
    pixel_size
        Pixel size [µm], or None if it is not known.
    count
        Number of events: images and masks must be that many 8-bit images of one size.
    elsewhere
        Features that the file holds outside of `events`; what depends on them is left to dclab.
    """
    stored = _usable(events, count)
    hidden = set(elsewhere) - set(events)
    planned = {
        name
        for name in COMPUTABLE.intersection(wanted)
        if _needs(name, stored) <= stored
        and not _wishes(name) & hidden
        and (name != "volume" or pixel_size)
    }
    return Plan(frozenset(planned), frozenset(stored), pixel_size).only(planned)


def _usable(events: h5py.Group, count: int) -> set[str]:
    """Features with one value, or one image of the same size, per event."""
    stacks = {name for name in IMAGES & set(events) if _is_stack(events[name], count)}
    if len({events[name].shape for name in stacks}) > 1:
        stacks = set()
    scalars = {"pos_x", "pos_y", "bg_off"} & set(events)
    usable = stacks | {name for name in scalars if events[name].shape == (count,)}
    if "bg_off" in events and "bg_off" not in usable:
        usable -= {"image_bg"}
    return usable | ({"contour"} if "contour" in events else set())


def _is_stack(dataset: Any, count: int) -> bool:
    return (
        getattr(dataset, "ndim", 0) == _STACK_RANK
        and dataset.dtype in {np.dtype("u1"), np.dtype("?")}
        and len(dataset) == count
        and all(dataset.shape)
    )


def _needs(name: str, stored: Collection[str]) -> set[str]:
    """What a feature is computed from."""
    if name in SHAPE:
        # a contour that the recording software stored is never computed anew
        outline = {"contour"} if "contour" in stored else {"mask"}
        return outline | ({"pos_x", "pos_y"} if name == "volume" else set())
    return {"image", "mask"} | ({"image_bg"} if name in CORRECTED_BRIGHTNESS else set())


def _wishes(name: str) -> set[str]:
    """What a feature would be computed from as well, were it there."""
    return {"contour"} if name in SHAPE else {"bg_off"}
