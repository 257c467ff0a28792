"""Files whose features have other dimensions than they should."""

from __future__ import annotations

import h5py
import numpy as np

from dcor_shared.measurement import errors
from dcor_shared.testing.hostile.corpus import as_hdf5


@as_hdf5("scalar feature with two dimensions", errors.WrongRankError)
def _deform_2d(h5: h5py.File) -> None:
    del h5["events/deform"]
    h5["events/deform"] = np.zeros((3, 3))


@as_hdf5("scalar feature without dimensions", errors.WrongRankError)
def _deform_0d(h5: h5py.File) -> None:
    del h5["events/deform"]
    h5["events/deform"] = 0.1


@as_hdf5("scalar feature without data space", errors.WrongRankError)
def _deform_null(h5: h5py.File) -> None:
    del h5["events/deform"]
    h5["events/deform"] = h5py.Empty("f8")


@as_hdf5("image with one dimension", errors.WrongRankError)
def _image_1d(h5: h5py.File) -> None:
    del h5["events/image"]
    h5["events/image"] = np.zeros(3, dtype=np.uint8)


@as_hdf5("scalar feature that is a group", errors.WrongRankError)
def _deform_group(h5: h5py.File) -> None:
    del h5["events/deform"]
    h5.create_group("events/deform")


@as_hdf5("events that are a dataset", errors.WrongRankError)
def _events_dataset(h5: h5py.File) -> None:
    del h5["events"]
    h5["events"] = np.zeros(3)


@as_hdf5("logs that are a dataset", errors.WrongRankError)
def _logs_dataset(h5: h5py.File) -> None:
    del h5["logs"]
    h5["logs"] = np.zeros(3)


@as_hdf5("trace that is a dataset", errors.WrongRankError)
def _trace_dataset(h5: h5py.File) -> None:
    h5["events/trace"] = np.zeros((3, 10))


@as_hdf5("trace with one dimension", errors.WrongRankError)
def _trace_1d(h5: h5py.File) -> None:
    h5["events/trace/fl1_raw"] = np.zeros(3)


@as_hdf5("contour with three dimensions", errors.WrongRankError)
def _contour_3d(h5: h5py.File) -> None:
    h5["events/contour/0"] = np.zeros((3, 2, 2))


@as_hdf5("dataset with many dimensions", errors.WrongRankError)
def _many_dimensions(h5: h5py.File) -> None:
    h5["tables/x"] = np.zeros((1,) * 20)
