"""The good files that mutants are made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dcor_shared.testing.measurements import table_with_gaps, write_measurement

from .mutants import Parent

_REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
_NAMES = ("calibration_beads_47.rtdc", "cytoshot_blood.rtdc", "blood_rbc_leukocytes.rtdc")


def parents(folder: Path) -> tuple[list[Parent], list[str]]:
    """Good files, and the names of real ones that are missing beside the checkout."""
    found = [_REAL / name for name in _NAMES if (_REAL / name).exists()]
    missing = [name for name in _NAMES if not (_REAL / name).exists()]
    return [Parent.read(path) for path in (*found, _synthetic(folder))], missing


def _synthetic(folder: Path) -> Path:
    """Everything that a measurement may hold: contours, traces, tables, basins of two kinds."""
    basins = [
        {
            "basin_name": "upstream",
            "basin_type": "file",
            "basin_format": "hdf5",
            "basin_locs": ["upstream.rtdc"],
            "basin_map": np.arange(12, dtype=np.int64)[::-1].copy(),
        },
        {
            "basin_name": "internal",
            "basin_type": "internal",
            "basin_format": "h5dataset",
            "basin_locs": ["basin_events"],
            "basin_feats": ["userdef1"],
            "basin_map": np.zeros(12, dtype=np.int64),
            "internal_data": {"userdef1": np.array([3.0])},
        },
    ]
    return write_measurement(
        folder / "synthetic.rtdc",
        events=12,
        contour=True,
        fluorescence=True,
        tables={"named": table_with_gaps(), "image": np.eye(3)},
        basins=basins,
    )
