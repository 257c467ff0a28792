"""The tasks ``plan-features`` and ``compute-features``: slow features, on all cores.

A sandboxed process has one thread, so its parent runs several of them side by side, each for some
of the events; see :mod:`dcor_shared.measurement.condensing_parts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed import computed
from dcor_shared.measurement.condensed.parts import write_part
from dcor_shared.measurement.features import streaming
from dcor_shared.measurement.opening import vetted
from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

if TYPE_CHECKING:
    from dcor_shared.measurement.sandbox.child import Workspace


def plan_task(workspace: Workspace, _arguments: dict[str, Any]) -> dict[str, Any]:
    """What there is to compute.

    Returns
    -------
    plan
        ``features`` (sorted names), ``count`` (number of events) and ``rows`` (a slice that
        begins and ends at a multiple of it reads no chunk that another one reads).
    """
    with vetted(workspace.readable[0]) as h5file:
        ds = Vetted_HDF5(h5file)
        ds.check_event_count()
        plan = computed.fast_plan(ds, computed.missing_features(ds))
        return {
            "features": sorted(plan.wanted),
            "count": len(ds),
            "rows": streaming.batch_rows(h5file["events"], plan),
        }


def compute_task(workspace: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Compute features of some events into the writable file.

    Parameters
    ----------
    workspace
        The measurement, and the file that the numbers go to.
    arguments
        ``features``, and the events from ``start`` to ``stop`` (exclusive).

    Returns
    -------
    part
        See :class:`dcor_shared.measurement.condensed.parts.Part`.
    """
    assert workspace.writable is not None  # noqa: S101 - the caller's business
    start, stop = arguments["start"], arguments["stop"]
    with vetted(workspace.readable[0]) as h5file:
        ds = Vetted_HDF5(h5file)
        plan = computed.fast_plan(ds, arguments["features"])
        arrays = computed.compute_fast(ds, plan, start, stop)
    features = write_part(workspace.writable, arrays)
    return {"start": start, "stop": stop, "features": features}
