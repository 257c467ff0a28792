"""Labels, units and groups of features."""

from __future__ import annotations

import re

_UNIT = re.compile(r"^(?P<label>.*\S)\s*\[(?P<unit>[^\[\]]*)\]$")
#: The first group whose pattern matches; the order is that of a list to choose from.
_GROUPS = (
    ("shape", r"deform|circ|aspect|area_ratio|inert_|eccentr|per_ratio|sym_|tilt"),
    ("size", r"area|volume|size_|per_um"),
    ("mechanics", r"emodulus"),
    ("brightness", r"bright|bg_"),
    ("fluorescence", r"fl\d"),
    ("texture", r"tex_"),
    ("qpi", r"qpi"),
    ("classes", r"ml_"),
    ("position", r"pos_|time$|frame|index|nevents|flow_rate|pressure|temp|g_force"),
)
_PATTERNS = [(name, re.compile(pattern)) for name, pattern in _GROUPS]
GROUPS = (*(name for name, _ in _GROUPS), "other")


def split_unit(text: str) -> tuple[str, str]:
    """Label and unit of a text such as ``Area [µm²]``; the unit is empty if there is none."""
    match = _UNIT.match(text)
    return (match["label"], match["unit"]) if match else (text, "")


def group(feature: str) -> str:
    """Group of a feature, for lists to choose from."""
    return next((name for name, pattern in _PATTERNS if pattern.match(feature)), "other")


def label(feature: str) -> tuple[str, str]:
    """Dclab's label and unit of a feature; its name if dclab has none."""
    from dclab import definitions

    try:
        return split_unit(definitions.get_feature_label(feature))
    except ValueError:
        return feature, ""


def sorting_key(feature: str) -> tuple[int, str, str]:
    """Sorts features by group, then label."""
    return GROUPS.index(group(feature)), label(feature)[0].casefold(), feature
