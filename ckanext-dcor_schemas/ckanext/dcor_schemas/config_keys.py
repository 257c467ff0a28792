"""The ``dc:<section>:<key>`` fields of resources: what a measurement says about itself.

The table repeats dclab's metadata table, so that the web process need not import dclab; a test
compares the two.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

#: Section → converter → keys.
_TABLE: dict[str, dict[str, tuple[str, ...]]] = {
    "experiment": {
        "str": ("date", "run identifier", "sample", "time"),
        "int": ("event count", "run index"),
        "float": ("timestamp",),
    },
    "fluorescence": {
        "int": (
            "baseline 1 offset",
            "baseline 2 offset",
            "baseline 3 offset",
            "bit depth",
            "channel count",
            "channels installed",
            "laser count",
            "lasers installed",
            "sample rate",
            "samples per event",
            "trace median",
        ),
        "str": ("channel 1 name", "channel 2 name", "channel 3 name"),
        "float": (
            "laser 1 lambda",
            "laser 1 power",
            "laser 2 lambda",
            "laser 2 power",
            "laser 3 lambda",
            "laser 3 power",
            "signal max",
            "signal min",
        ),
    },
    "fmt_tdms": {"int": ("video frame offset",)},
    "imaging": {
        "str": ("flash device",),
        "float": ("flash duration", "frame rate", "pixel size"),
        "int": ("roi position x", "roi position y", "roi size x", "roi size y"),
    },
    "online_contour": {
        "bool": ("bg empty", "no absdiff"),
        "int": ("bin area min", "bin kernel", "bin threshold", "image blur"),
    },
    "online_filter": {"float": ("target duration",), "int": ("target event count",)},
    "pipeline": {
        "str": (
            "dcnum background",
            "dcnum data",
            "dcnum feature",
            "dcnum gate",
            "dcnum generation",
            "dcnum hash",
            "dcnum mapping",
            "dcnum segmenter",
        ),
        "int": ("dcnum yield",),
    },
    "qpi": {
        "float": (
            "wavelength",
            "medium index",
            "pixel size raw",
            "filter size",
            "pixel size proc",
        ),
        "str": (
            "software version",
            "bg method",
            "filter name",
            "amp fit offset",
            "amp fit profile",
            "pha fit offset",
            "pha fit profile",
            "amp border loc",
            "pha border loc",
            "focus metric",
            "focus minimizer",
            "focus kernel",
        ),
        "int": ("padding", "amp border px", "pha border px", "focus padding"),
        "bool": ("subtract mean", "invert phase"),
        "bool or float": ("scale to filter",),
        "float pair": ("sideband freq", "focus interval"),
    },
    "setup": {
        "float": (
            "channel width",
            "flow rate",
            "flow rate sample",
            "flow rate sheath",
            "temperature",
        ),
        "lower-case str": ("chip identifier", "chip region"),
        "str": ("identifier", "medium", "module composition", "software version"),
    },
}


def _int(value: Any) -> int:
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return int(value.lower() == "true")
    return int(float(value))


def _float(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not finite: JSON has no such numbers")
    return number


def _bool(value: Any) -> bool:
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    return bool(_float(value))


def _bool_or_float(value: Any) -> bool | float:
    return _bool(value) if isinstance(value, (str, bool)) or value == 0 else _float(value)


def _float_pair(value: Any) -> list[float]:
    if isinstance(value, str):
        raise TypeError("a text is no pair")
    first, second = (_float(number) for number in value)
    return [first, second]


def _lower(value: Any) -> str:
    return str(value).lower()


CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "str": str,
    "int": _int,
    "float": _float,
    "bool": _bool,
    "bool or float": _bool_or_float,
    "float pair": _float_pair,
    "lower-case str": _lower,
}
#: Composite key → name of its converter.
CONFIG_KEYS: dict[str, str] = {
    f"dc:{section}:{key}": converter
    for section, converters in _TABLE.items()
    for converter, keys in converters.items()
    for key in keys
}


def convert(composite_key: str, value: Any) -> Any:
    """Value of a ``dc:*`` field as it is stored.

    Raises
    ------
    KeyError
        If there is no such field.
    ValueError
        If the value cannot be converted; the message names key and value.
    """
    converter = CONFIG_KEYS[composite_key]
    try:
        return CONVERTERS[converter](value)
    except (TypeError, ValueError, OverflowError):
        shown = repr(value)[:100]
        text = f"Invalid value for '{composite_key}': {shown}; expected {converter}"
        raise ValueError(text) from None
