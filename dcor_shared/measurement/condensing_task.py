"""The task ``condense``: content of the condensed file. Runs in a sandbox only.

dclab computes the features; the file is put together here, so that one bad log, table, basin or
feature affects only itself, and so that faster ways to compute features find their place in
:mod:`computed`.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed import computed, copying, provenance
from dcor_shared.measurement.condensed.basins import write_basins
from dcor_shared.measurement.opening import vetted
from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

if TYPE_CHECKING:
    import h5py

    from dcor_shared.measurement.sandbox.child import Workspace

#: HDF5's own metadata are kept together in pieces of this size, the first at the front: a client
#: that reads blocks of 256 KiB lists features, logs and basins with two of them. Files with fewer
#: features than about 40 need one piece.
_METADATA_BYTES = 128 * 1024


def condense_task(workspace: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Condense the readable file into the writable one.

    Returns
    -------
    summary
        See :class:`dcor_shared.measurement.condensing.CondenseSummary`; the size is missing.
    """
    import h5py

    with (
        vetted(workspace.readable[0]) as h5file,
        h5py.File(workspace.writable, "w", meta_block_size=_METADATA_BYTES) as out,
    ):
        return _condense(Vetted_HDF5(h5file), out, arguments)


def _condense(ds: Vetted_HDF5, out: h5py.File, arguments: dict[str, Any]) -> dict[str, Any]:
    ds.check_event_count()
    copying.copy_attributes(ds, out)
    stored = copying.stored_features(ds)
    basin_features = write_basins(ds, out, stored, arguments)
    copying.copy_texts(ds, out)
    copying.copy_tables(ds, out)
    copying.copy_features(ds, out, stored)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        names = computed.compute_features(ds, out)
    logs = provenance.write_logs(ds, out, names, caught, arguments["source_url"])
    provenance.complete_metadata(out)
    events = {*out["events"], *out.get("basin_events", ())}
    return {
        "features": sorted(events),
        "basin_features": basin_features,
        "logs": logs,
        "event_count": int(out.attrs["experiment:event count"]),
    }
