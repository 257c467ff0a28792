"""Features that are computed from the others; faster ways than dclab's belong here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.measurement.condensed.copying import BAD_DATA

if TYPE_CHECKING:
    import h5py
    from dclab import RTDCWriter

    from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5


def compute_features(ds: Vetted_HDF5, out: h5py.File) -> list[str]:
    """Compute every scalar feature that can be computed and is not there yet.

    Returns
    -------
    names
        Features that were computed.
    """
    import hdf5plugin
    from dclab import RTDCWriter

    present = {*out["events"], *out.get("basin_events", ())}
    writer = RTDCWriter(out, mode="append", compression_kwargs=hdf5plugin.Zstd(clevel=5))
    wanted = [name for name in ds.features_scalar if name not in present]
    return [name for name in wanted if _compute(ds, writer, name)]


def _compute(ds: Vetted_HDF5, writer: RTDCWriter, name: str) -> bool:
    try:
        data = ds[name]
        if len(data) != len(ds):
            raise ValueError("not one value per event")
        writer.store_feature(feat=name, data=data)
    except BAD_DATA as error:
        ds.notes.append(f"The feature '{name}' cannot be computed: {type(error).__name__}.")
        writer.h5file["events"].pop(name, None)
        return False
    return True
