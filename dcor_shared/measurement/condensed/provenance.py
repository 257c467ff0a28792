"""How a condensed file came about: its logs and its completed metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed.texts import TextWriter

if TYPE_CHECKING:
    import warnings
    from collections.abc import Sequence

    import h5py

    from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

_LOG, _WARNINGS = "dclab-condense", "dclab-condense-warnings"


def write_log(
    ds: Vetted_HDF5, out: h5py.File, computed: list[str], source_url: str
) -> dict[str, list[str]]:
    """Write the log about this run; older ones of the same names are renamed.

    Returns
    -------
    logs
        Lines of the new log.
    """
    from dclab.cli import common

    _rename_older(ds, out)
    return _write(out, _LOG, common.get_command_log([source_url], _what_was_done(ds, computed)))


def write_warnings(
    ds: Vetted_HDF5, out: h5py.File, caught: Sequence[warnings.WarningMessage]
) -> dict[str, list[str]]:
    """Write the log about what went wrong, if anything did.

    Returns
    -------
    logs
        Lines of the new log.
    """
    from dclab.cli import common

    remarks = [*common.assemble_warnings(caught), *ds.notes]
    return _write(out, _WARNINGS, remarks) if remarks else {}


def _write(out: h5py.File, name: str, lines: list[str]) -> dict[str, list[str]]:
    TextWriter(out).store_log(name, lines)
    return {name: lines}


def complete_metadata(out: h5py.File) -> None:
    """Write the number of events and of channels, and the version of dclab."""
    writer = TextWriter(out)
    writer.rectify_metadata()
    writer.version_brand()


def _what_was_done(ds: Vetted_HDF5, computed: list[str]) -> dict[str, Any]:
    """The keys of dclab's own log; features that cost next to nothing are not mentioned there."""
    from dclab.rtdc_dataset.feat_anc_core import FEATURES_RAPID

    return {
        "features_original_innate": ds.features_stored,
        "features_ancillary": sorted(set(computed) - set(FEATURES_RAPID)),
        "features_basin": [],
    }


def _rename_older(ds: Vetted_HDF5, out: h5py.File) -> None:
    from dclab.util import hashobj

    logs = out.require_group("logs")
    for name in (_LOG, _WARNINGS):
        if name in logs:
            older = f"{name}_{hashobj(ds.config)}"
            if older not in logs:
                logs[older] = logs[name]
            del logs[name]
