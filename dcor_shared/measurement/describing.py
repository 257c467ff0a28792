"""The task ``describe``: what a vetted file holds. Runs in a sandbox only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.opening import vetted
from dcor_shared.measurement.reading import metadata, tables, texts
from dcor_shared.measurement.reading.values import clean, jsonable
from dcor_shared.measurement.verdict import integrity_cues
from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5
from dcor_shared.measurement.vetting import VettingLimits

if TYPE_CHECKING:
    from dcor_shared.measurement.sandbox.child import Workspace

_FLUORESCENCE_FEATURES = {"fl1_max", "fl2_max", "fl3_max"}


def describe_task(workspace: Workspace, _arguments: dict[str, Any]) -> dict[str, Any]:
    """Describe the source; see :class:`dcor_shared.measurement.description.Description`."""
    location = workspace.source or workspace.readable[0]
    with vetted(location, VettingLimits(whole=False)) as h5file:
        return _describe(Vetted_HDF5(h5file))


def _describe(ds: Vetted_HDF5) -> dict[str, Any]:
    stored = metadata.json_metadata(ds.config)
    features = ds.features_stored
    cues = integrity_cues(ds)
    logs = texts.read_logs(ds.h5file, ds.notes)
    return {
        "metadata": metadata.with_defaults(stored),
        "event_count": ds.config["experiment"]["event count"],
        "features": features,
        "trace_list": _traces(ds, features),
        "logs": logs,
        "tables": tables.read_tables(ds.h5file, ds.notes),
        "format": _format(stored, features),
        "identifier": jsonable(ds.get_measurement_identifier()),
        "basins": ds.basin_definitions,
        "dc_config": metadata.resource_fields(stored),
        "valid": not cues,
        "cues": cues,
        "notes": [clean(note) for note in ds.notes[:1000]],
    }


def _traces(ds: Vetted_HDF5, features: list[str]) -> list[str]:
    return sorted(map(clean, ds.h5file["events/trace"])) if "trace" in features else []


def _format(stored: metadata.Metadata, features: list[str]) -> str:
    fluorescent = "fluorescence" in stored or _FLUORESCENCE_FEATURES & set(features)
    return "RT-FDC" if fluorescent else "RT-DC"
