"""Parsing of supplement values: what people send, made into what is stored."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.dcor_schemas.supplements.schema import Item


#: Characters of a bad value that a refusal repeats.
_SHOWN = 100


class BadValueError(ValueError):
    """A value does not fit its item; the message names both and says what is allowed."""


def parse(item: Item, value: Any) -> Any:
    """Value of an item as it is stored; None for an empty value.

    Raises
    ------
    BadValueError
        If the value has not the type of the item, or breaks its options.
    """
    if value is None or value == "":
        return None
    try:
        parsed = _PARSERS[item.type](value)
    except (TypeError, ValueError, OverflowError):
        raise _refusal(item, value, _EXPECTED[item.type]) from None
    if ">0" in item.options and not parsed > 0:
        raise _refusal(item, value, "a number greater than 0")
    if "choices fixed" in item.options and parsed not in item.choices:
        listed = ", ".join(repr(choice) for choice in item.choices)
        raise _refusal(item, value, f"one of {listed}")
    return parsed


def _refusal(item: Item, value: Any, expected: str) -> BadValueError:
    shown = repr(value)
    if len(shown) > _SHOWN:
        shown = shown[:_SHOWN] + "…"
    return BadValueError(f"Invalid value for '{item.composite_key}': {shown}; expected {expected}")


def _text(value: Any) -> str:
    if isinstance(value, (dict, list, tuple, set)):
        raise TypeError("a structure is no text")
    return str(value)


def _whole_number(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError("a truth value is no number")
    if isinstance(value, int):
        return value
    try:
        return int(value) if isinstance(value, str) else _whole(float(value))
    except ValueError:
        return _whole(float(value))


def _whole(number: float) -> int:
    if number != int(number):
        raise ValueError("not a whole number")
    return int(number)


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError("a truth value is no number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def _truth(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in {"true", "yes", "false", "no"}:
        raise ValueError("no truth value")
    return word in {"true", "yes"}


def _date(value: Any) -> str:
    text = _text(value).strip()
    year, month, day = (int(part) for part in text.split("-"))
    dt.date(year, month, day)
    return text


def _words(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        value = " ".join(_text(word) for word in value)
    return " ".join(_text(value).split())


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "string": _text,
    "integer": _whole_number,
    "float": _number,
    "boolean": _truth,
    "date": _date,
    "list": _words,
}
_EXPECTED: dict[str, str] = {
    "string": "text",
    "integer": "a whole number",
    "float": "a finite number",
    "boolean": "true, yes, false or no",
    "date": "a date like 2020-05-17",
    "list": "words separated by blanks",
}
