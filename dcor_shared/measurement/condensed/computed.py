"""Features that are computed from the others: by our own fast ways, and by dclab one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed import copying
from dcor_shared.measurement.condensed.copying import BAD_DATA
from dcor_shared.measurement.features import planning, streaming

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

    from dcor_shared.measurement.features.planning import Plan
    from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

    Arrays = dict[str, NDArray[Any]]


def missing_features(ds: Vetted_HDF5) -> list[str]:
    """Scalar features that are not stored, but can be computed according to dclab."""
    stored = {*copying.stored_features(ds), *ds.features_basin}
    return [name for name in ds.features_scalar if name not in stored]


def fast_plan(ds: Vetted_HDF5, wanted: Collection[str]) -> Plan:
    """Which of the wanted features can be computed without dclab."""
    return planning.make_plan(
        ds.h5file["events"],
        wanted,
        ds.config["imaging"].get("pixel size"),
        count=len(ds),
        elsewhere=ds.features_basin,
    )


def compute_fast(ds: Vetted_HDF5, plan: Plan, start: int, stop: int) -> Arrays:
    """Features of a range of events; those whose data are damaged are left out."""
    events = ds.h5file["events"]
    try:
        return streaming.compute(events, plan, start, stop)
    except BAD_DATA:
        return _one_kind_after_the_other(ds, plan, start, stop)


def _one_kind_after_the_other(ds: Vetted_HDF5, plan: Plan, start: int, stop: int) -> Arrays:
    results: Arrays = {}
    for kind in (planning.SHAPE, planning.RAW_BRIGHTNESS, planning.CORRECTED_BRIGHTNESS):
        try:
            results |= streaming.compute(ds.h5file["events"], plan.only(kind), start, stop)
        except BAD_DATA as error:
            ds.notes.append(
                f"Features {', '.join(sorted(plan.wanted & kind))} of the events {start} to {stop}:"
                f" {type(error).__name__}."
            )
    return results


def compute_features(ds: Vetted_HDF5, ready: Arrays, planned: Collection[str]) -> Arrays:
    """Every scalar feature that is not stored and can be computed.

    Parameters
    ----------
    ds
        The measurement.
    ready
        Features that were computed already.
    planned
        Features for which this was tried; the others of them are left to dclab.
    """
    wanted = [name for name in missing_features(ds) if name not in ready]
    untried = fast_plan(ds, set(wanted) - set(planned))
    results = ready | compute_fast(ds, untried, 0, len(ds))
    for name in wanted:
        if name not in results:
            results |= _compute_with_dclab(ds, name)
    return {name: _as_stored(name, values) for name, values in results.items()}


def _compute_with_dclab(ds: Vetted_HDF5, name: str) -> Arrays:
    import numpy as np

    try:
        values = np.atleast_1d(ds[name])
        if values.shape != (len(ds),):
            raise ValueError("not one value per event")
    except _errors_of_dclab() as error:
        ds.notes.append(f"The feature '{name}' cannot be computed: {type(error).__name__}.")
        return {}
    return {name: values}


def _errors_of_dclab() -> tuple[type[BaseException], ...]:
    """What dclab raises for bad data; some of its errors are no `Exception`."""
    from dclab.features.contour import NoValidContourFoundError
    from dclab.rtdc_dataset.feat_anc_core.af_fl_max_ctc import MissingCrosstalkMatrixElementsError
    from dclab.rtdc_dataset.feat_basin import basin_common
    from dclab.rtdc_dataset.fmt_hdf5.base import OldFormatNotSupportedError

    return (
        *BAD_DATA,
        NoValidContourFoundError,
        MissingCrosstalkMatrixElementsError,
        OldFormatNotSupportedError,
        basin_common.BasinIdentifierMismatchError,
        basin_common.BasinNotAvailableError,
    )


def _as_stored(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """Values in the type in which dclab stores this feature."""
    import numpy as np
    from dclab.rtdc_dataset.writer import FEATURES_UINT32, FEATURES_UINT64

    if name in FEATURES_UINT32:
        return _as_counts(values, np.dtype(np.uint32))
    return _as_counts(values, np.dtype(np.uint64)) if name in FEATURES_UINT64 else values


def _as_counts(values: NDArray[Any], kind: np.dtype[Any]) -> NDArray[Any]:
    """Values as counts, the way HDF5 converts them: what is below zero (no class) becomes zero."""
    import numpy as np

    counts: NDArray[Any] = np.clip(values, 0, np.iinfo(kind).max).astype(kind)
    return counts
