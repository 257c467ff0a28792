"""Is a measurement good enough for activating its dataset? Runs in a sandbox only."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dclab.rtdc_dataset.check import IntegrityChecker

    from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5


def integrity_cues(ds: Vetted_HDF5) -> list[str]:
    """Violations found by dclab's sanity check: sizes of features, and the region of interest.

    An empty list means that the measurement is valid.
    """
    from dclab.rtdc_dataset.check import IntegrityChecker

    checker = IntegrityChecker(ds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [*_run(checker, "check_feature_size"), *_run(checker, "check_metadata_bad")]


def _run(checker: IntegrityChecker, name: str) -> list[str]:
    try:
        cues = getattr(checker, name)()
    except (KeyError, OSError, RuntimeError, ValueError, TypeError, AttributeError, IndexError):
        return ["Features: the data are damaged and cannot be checked"]
    return [cue.msg[:500] for cue in cues if cue.level == "violation"]
