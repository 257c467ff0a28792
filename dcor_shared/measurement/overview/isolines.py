"""Isoelasticity lines of dclab, scaled to the conditions of a measurement."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt
    from dclab.isoelastics import Isoelastics

    Points = npt.NDArray[np.float32]

#: Look-up tables; dclab's own list of them cannot be asked for (0.73.4 fails).
TABLES = ("LE-2D-FEM-19", "HE-2D-FEM-22", "HE-3D-FEM-22", "LE-2D-ana-18")
_PAIRS = (("area_um", "deform"), ("volume", "deform"))


@dataclass(frozen=True)
class Lines:
    """Lines of one table for one pair of axes.

    Attributes
    ----------
    table, x, y
        The table and the features on the axes.
    counts
        Number of points of each line.
    points
        All lines end to end, shape (P, 2).
    pixelated
        The same with the error that pixels make in measured data; None without a pixel size.
    emodulus
        Young's modulus of each line [kPa]; None if medium or temperature are unknown.
    """

    table: str
    x: str
    y: str
    counts: list[int]
    points: Points
    pixelated: Points | None
    emodulus: list[float] | None


@dataclass(frozen=True)
class Conditions:
    """What the lines depend on.

    Attributes
    ----------
    channel_width
        Width of the channel [µm].
    flow_rate
        Flow rate [µL/s].
    viscosity
        Viscosity of the medium [mPa·s], None if it is unknown.
    pixel_size
        Pixel size [µm], None if it is unknown.
    """

    channel_width: float
    flow_rate: float
    viscosity: float | None
    pixel_size: float | None


class NoLinesError(ValueError):
    """There are no isoelastics for a measurement; `code` names the reason for programs."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@cache
def load() -> Isoelastics:
    """Dclab's lines; read once."""
    from dclab import isoelastics

    return isoelastics.get_default()


def conditions(metadata: Mapping[str, Mapping[str, Any]]) -> Conditions:
    """The conditions of a measurement.

    Raises
    ------
    NoLinesError
        If channel width or flow rate are missing.
    """
    setup = metadata["setup"]
    width, rate = positive(setup.get("channel width")), positive(setup.get("flow rate"))
    if width is None:
        text = "No isoelastics: the file does not say how wide the channel is."
        raise NoLinesError("no-channel-width", text)
    if rate is None:
        raise NoLinesError("no-flow-rate", "No isoelastics: the file names no flow rate.")
    pixel_size = positive(metadata["imaging"].get("pixel size"))
    return Conditions(width, rate, _viscosity(setup, width, rate), pixel_size)


def positive(value: Any) -> float | None:
    """A finite number greater than zero, else None."""
    if isinstance(value, (int, float, np.number)) and np.isfinite(value) and value > 0:
        return float(value)
    return None


def _viscosity(setup: Mapping[str, Any], width: float, rate: float) -> float | None:
    from dclab.features.emodulus import viscosity

    medium, temperature = setup.get("medium"), positive(setup.get("temperature"))
    if not isinstance(medium, str) or temperature is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = viscosity.get_viscosity(
                medium=medium,
                channel_width=width,
                flow_rate=rate,
                temperature=temperature,
                model="buyukurganci-2022",
            )
    except (ValueError, KeyError, TypeError):
        # an unknown medium
        return None
    return positive(float(found))


def lines(where: Conditions) -> Iterator[Lines]:
    """Lines of every table for every pair of axes that it has."""
    data = load()
    for table in TABLES:
        for x, y in _PAIRS:
            if "isoelastics" in data._data[table][x][y]:  # noqa: SLF001 - `get` fails on the others
                yield _lines(data, table, (x, y), where)


def _lines(data: Isoelastics, table: str, axes: tuple[str, str], where: Conditions) -> Lines:
    found = data.get(
        *axes,
        lut_identifier=table,
        channel_width=where.channel_width,
        flow_rate=where.flow_rate,
        viscosity=where.viscosity,
    )
    pixelated = None
    if where.pixel_size is not None:
        moved = data.add_px_err(found, *axes, px_um=where.pixel_size)
        pixelated = _joined(moved)
    return Lines(
        table,
        *axes,
        counts=[len(line) for line in found],
        points=_joined(found),
        pixelated=pixelated,
        emodulus=None if where.viscosity is None else [float(line[0, 2]) for line in found],
    )


def _joined(found: list[npt.NDArray[np.float64]]) -> Points:
    return np.concatenate([line[:, :2] for line in found]).astype(np.float32)
