"""The task ``condense``: content of the condensed file. Runs in a sandbox only.

Slow features come from other processes (:mod:`features_task`) or are computed here batch by batch;
dclab computes what there is no fast way for. The file is put together here, so that one bad log,
table, basin or feature affects only itself, in an order made for distant readers
(docs/decisions/0022-condensed-files.md).
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed import computed, copying, provenance
from dcor_shared.measurement.condensed.basins import write_basins
from dcor_shared.measurement.condensed.columns import columns
from dcor_shared.measurement.condensed.parts import Part, read_parts
from dcor_shared.measurement.condensed.writing import hot_first, new_file, write_column
from dcor_shared.measurement.errors import UnreadableFileError
from dcor_shared.measurement.opening import vetted
from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

if TYPE_CHECKING:
    import h5py

    from dcor_shared.measurement.condensed.computed import Arrays
    from dcor_shared.measurement.condensed.copying import Statistics
    from dcor_shared.measurement.sandbox.child import Workspace


def condense_task(workspace: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Condense the readable file into the writable one.

    Parameters
    ----------
    workspace
        The measurement, then the files of the parts, and the file to write.
    arguments
        Fields of :class:`dcor_shared.measurement.condensing.CondenseRequest`, its ``dcserv_url``,
        and ``planned`` and ``parts`` of :class:`dcor_shared.measurement.condensing_parts.Computed`.

    Returns
    -------
    summary
        See :class:`dcor_shared.measurement.condensing.CondenseSummary`; the size is missing.
    """
    import h5py

    assert workspace.writable is not None  # noqa: S101 - the caller's business
    original, *files = workspace.readable
    parts = [Part.from_json(part) for part in arguments["parts"]]
    with vetted(original) as h5file:
        ds = Vetted_HDF5(h5file)
        ds.check_event_count()
        ready = read_parts(parts, files, len(ds)) if parts else {}
        with new_file(workspace.writable) as out:
            summary = _condense(ds, out, arguments, ready)
        # places of data are final when everything is written
        with h5py.File(workspace.writable, "r", locking=False) as out:
            return summary | _places(h5file, out)


def _condense(
    ds: Vetted_HDF5, out: h5py.File, arguments: dict[str, Any], ready: Arrays
) -> dict[str, Any]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        arrays = computed.compute_features(ds, ready, arguments["planned"])
    stored = copying.stored_features(ds)
    # what describes the file comes first, data follow
    copying.copy_attributes(ds, out)
    basin_features, statistics = write_basins(ds, out, stored, arguments)
    copying.copy_texts(ds, out)
    logs = provenance.write_log(ds, out, list(arrays), arguments["source_url"])
    copying.copy_tables(ds, out)
    out.flush()
    statistics |= _write_features(ds, out, stored, arrays)
    if not out["events"]:
        raise UnreadableFileError("None of the features can be read: the file is damaged.")
    logs |= provenance.write_warnings(ds, out, caught)
    provenance.complete_metadata(out)
    return {
        "features": sorted({*out["events"], *out.get("basin_events", ())}),
        "basin_features": basin_features,
        "logs": logs,
        "event_count": int(out.attrs["experiment:event count"]),
        "statistics": {name: statistics[name] for name in sorted(statistics)},
    }


def _write_features(
    ds: Vetted_HDF5, out: h5py.File, stored: list[str], arrays: Arrays
) -> Statistics:
    statistics: Statistics = {}
    for name in hot_first({*stored, *arrays}):
        if name in arrays:
            statistics[name] = write_column(out.require_group("events"), name, arrays[name], {})
        else:
            statistics |= copying.copy_features(ds, out, [name])
    return statistics


def _places(h5file: h5py.File, out: h5py.File) -> dict[str, Any]:
    """What web processes, which never open HDF5, have to know to serve single features."""
    names = sorted(out["events"])
    return {
        "columns": columns(out["events"], names),
        "original_columns": columns(h5file["events"], names),
    }
