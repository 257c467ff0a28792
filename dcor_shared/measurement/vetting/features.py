"""Features: ``events`` and its members have the dimensions that their names promise."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dcor_shared.measurement.errors import WrongRankError

if TYPE_CHECKING:
    from h5py.h5d import DatasetID

#: Groups that every reader takes for granted as such, when they are there.
_GROUPS = frozenset({"events", "basin_events", "logs", "tables", "basins"})
_IMAGES = frozenset({"image", "image_bg", "mask", "qpi_oah", "qpi_oah_bg", "qpi_amp", "qpi_pha"})
_TRACE_RANK, _CONTOUR_RANK, _IMAGE_RANK = 2, 2, 3


def check_group(parts: tuple[str, ...]) -> None:
    """Refuse a group in the place of a feature.

    Raises
    ------
    WrongRankError
        If a feature with this name is no group.
    """
    match parts:
        case ["events", feature] if _rank(feature):
            pass
        case ["basin_events", feature] if _rank(feature) == 1:
            # images may be groups there: dclab's "chopped images"
            pass
        case ["events", "trace" | "contour", _, *_] | ["basin_events", _, _, *_]:
            pass
        case _:
            return
    raise WrongRankError(f"'{'/'.join(parts)}' is a group, but has to be a dataset.")


def check_feature(dataset: DatasetID, parts: tuple[str, ...]) -> None:
    """Refuse a dataset with other dimensions than its name promises.

    Raises
    ------
    WrongRankError
        If the dimensions are wrong.
    """
    expected = _expected_rank(parts)
    found = dataset.rank
    if expected is not None and found != expected:
        raise WrongRankError(
            f"'{'/'.join(parts)}' has {found} dimensions, but has to have {expected}."
        )


def _expected_rank(parts: tuple[str, ...]) -> int | None:
    match parts:
        case [name] if name in _GROUPS:
            raise WrongRankError(f"'{name}' is a dataset, but has to be a group.")
        case ["events" | "basin_events", "trace" | "contour"]:
            raise WrongRankError(f"'{'/'.join(parts)}' is a dataset, but has to be a group.")
        case ["events" | "basin_events", feature]:
            return _rank(feature)
        case ["events", "trace", _]:
            return _TRACE_RANK
        case ["events", "contour", _]:
            return _CONTOUR_RANK
    return None


@cache
def _rank(feature: str) -> int | None:
    """Dimensions of a feature stored as a dataset; None for groups and unknown names."""
    from dclab import definitions

    if feature in _IMAGES:
        return _IMAGE_RANK
    return 1 if definitions.scalar_feature_exists(feature) else None
