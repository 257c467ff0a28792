"""Values for people: exact whole numbers, four digits of others, dates, units."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

#: Shown where there is no value.
NOTHING = "\N{EN DASH}"
#: Digits are grouped in threes from this number on.
_FROM = 10_000
#: Larger whole floats are not known exactly.
_EXACT = 2**53


def text_of(value: Any) -> str:
    """A value as text; nothing makes it fail."""
    match value:
        case None:
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case int():
            return grouped(value)
        case float():
            return _float(value)
        case list() | tuple():
            return ", ".join(map(text_of, value)) or NOTHING
    return str(value)


def grouped(value: int) -> str:
    """A whole number, in groups of three digits from five digits on."""
    return f"{value:,}".replace(",", " ") if abs(value) >= _FROM else str(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == int(value) and abs(value) <= _EXACT:
        return grouped(int(value))
    return f"{value:.4g}"


def moment(value: Any) -> str:
    """A time in seconds since 1970 as date and time (UTC)."""
    try:
        found = datetime.fromtimestamp(float(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return text_of(value)
    return found.strftime("%Y-%m-%d %H:%M:%S UTC")


def split_unit(label: str) -> tuple[str, str]:
    """Label and unit of a text such as ``Pixel size [µm]``; the unit is empty if there is none."""
    text = label.rstrip(" .")
    begin = text.rfind("[")
    if not text.endswith("]") or begin < 0:
        return label, ""
    return text[:begin].rstrip(), text[begin + 1 : -1]
