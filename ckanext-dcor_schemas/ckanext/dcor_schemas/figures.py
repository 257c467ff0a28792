"""Numbers for people."""

from __future__ import annotations

_MINUTE = 60
_THOUSAND = 1000
_HUNDRED = 100
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size(number: float) -> str:
    """A number of bytes in a unit that suits it, as in the draft editor."""
    value, unit = float(number), 0
    while value >= _THOUSAND and unit < len(_UNITS) - 1:
        value, unit = value / _THOUSAND, unit + 1
    digits = 1 if unit and value < _HUNDRED else 0
    return f"{value:.{digits}f} {_UNITS[unit]}"


def duration(seconds: float) -> str:
    """Seconds in a unit that suits them."""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    if minutes < _MINUTE:
        return f"{minutes} min {rest} s"
    return f"{minutes // _MINUTE} h {minutes % _MINUTE} min"
