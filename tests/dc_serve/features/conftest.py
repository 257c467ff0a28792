"""Measurements with condensed files whose features can be read by place."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from dcor_shared.measurement.condensed.columns import columns

from ckanext.dc_serve import records
from ckanext.dc_serve.features import reading

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = 1000


@pytest.fixture
def values() -> dict[str, Any]:
    """Features by name, one of them with values that are not finite."""
    random = np.random.default_rng(47)
    gaps = random.normal(size=EVENTS)
    gaps[[0, 3]] = np.nan
    gaps[7], gaps[8] = np.inf, -np.inf
    return {
        "deform": random.normal(size=EVENTS),
        "area_um": random.normal(size=EVENTS).astype(np.float32),
        "frame": np.arange(EVENTS, dtype=np.uint64) * 3,
        "gaps": gaps,
    }


@pytest.fixture
def write_file(tmp_path):
    """Writes features into a file; gives its path and where they are in it."""

    def write(values: dict[str, Any], **options: Any) -> tuple[Path, dict[str, Any]]:
        path = tmp_path / "condensed.rtdc"
        with h5py.File(path, "w") as file:
            for name, data in values.items():
                file.create_dataset(f"events/{name}", data=data, **options)
        with h5py.File(path) as file:
            return path, columns(file["events"], values)

    return write


@pytest.fixture
def make_condensed(make_measurement, put_object, write_file, values):
    """Makes a measurement with a condensed file in the store."""
    records.forget()
    reading.forget()

    def make(*, original: bool = False, chunks: int = 300, **columns_of_resource: Any):
        path, noted = write_file(values, chunks=(chunks,), compression="gzip", fletcher32=True)
        data = path.read_bytes()
        etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        condensed = {"features": sorted(noted), "columns": noted, "etag": etag, "statistics": {}}
        given = dict(columns_of_resource)
        if original:
            condensed["original_columns"] = noted
            given |= {"etag": etag, "extras": {"etag": etag, "s3_available": True}}
        made = make_measurement(condensed=condensed, **given)
        put_object(made, "condensed", data)
        if original:
            put_object(made, "resource", data)
        return made

    return make
