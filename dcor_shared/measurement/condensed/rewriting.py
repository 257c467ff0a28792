"""The task ``rewrite-condensed``: a condensed file with other addresses. Runs in a sandbox only.

Everything is written anew, in the order of a new file; only basins that were added when the file
was condensed are replaced. Those of the uploaded file stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed import basins, copying
from dcor_shared.measurement.condensed.columns import columns
from dcor_shared.measurement.condensed.texts import TextWriter
from dcor_shared.measurement.condensed.writing import hot_first, new_file
from dcor_shared.measurement.opening import vetted
from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

if TYPE_CHECKING:
    import h5py

    from dcor_shared.measurement.condensed.copying import Statistics
    from dcor_shared.measurement.sandbox.child import Workspace


def rewrite_task(workspace: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Rewrite the readable condensed file into the writable one.

    Parameters
    ----------
    workspace
        Both files.
    arguments
        Fields of :class:`dcor_shared.measurement.condensing.CondenseRequest`, its ``dcserv_url``,
        and of the uploaded file ``features`` and ``basin_keys``.

    Returns
    -------
    summary
        What differs from before: ``columns``, ``statistics``, ``basin_features``.
    """
    import h5py

    assert workspace.writable is not None  # noqa: S101 - the caller's business
    with vetted(workspace.readable[0]) as h5file:
        ds = Vetted_HDF5(h5file)
        with new_file(workspace.writable) as out:
            summary = _rewrite(ds, out, arguments)
    with h5py.File(workspace.writable, "r", locking=False) as out:
        return summary | {"columns": columns(out["events"], sorted(out["events"]))}


def _rewrite(ds: Vetted_HDF5, out: h5py.File, arguments: dict[str, Any]) -> dict[str, Any]:
    names = sorted(ds.h5file["events"])
    copying.copy_attributes(ds, out)
    # dclab looks up mappings while it writes basins
    statistics: Statistics = copying.copy_features(ds, out, filter(basins.MAP.fullmatch, names))
    basins.copy_definitions(ds, out, arguments["basin_keys"])
    _copy_internal(ds, out)
    features = sorted(set(arguments["features"]) - set(names))
    offered = basins.write_addresses(ds, TextWriter(out), features, arguments)
    copying.copy_texts(ds, out)
    copying.copy_tables(ds, out)
    out.flush()
    statistics |= copying.copy_features(ds, out, hot_first(names))
    return {
        "basin_features": offered,
        "statistics": {name: statistics[name] for name in sorted(statistics)},
    }


def _copy_internal(ds: Vetted_HDF5, out: h5py.File) -> None:
    """Internal basins are part of the file: their definitions name no address."""
    copying.copy_basin_features(ds, out, sorted(ds.h5file.get("basin_events", ())))
    for basin in ds.basin_definitions:
        if basin["type"] == "internal":
            ds.h5file.copy(f"basins/{basin['key']}", out.require_group("basins"))
