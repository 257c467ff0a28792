"""Files with names, attributes and types that no measurement needs."""

from __future__ import annotations

import h5py
import numpy as np

from dcor_shared.measurement import errors
from dcor_shared.testing.hostile.corpus import as_hdf5


@as_hdf5("giant attribute", errors.AttributeSizeError)
def _giant_attribute(h5: h5py.File) -> None:
    group = h5.create_group("giant", track_order=True)  # the root keeps small attributes only
    group.attrs["x"] = np.zeros(5 * 1024**2, dtype=np.uint8)


@as_hdf5("giant attribute of a feature", errors.AttributeSizeError)
def _giant_feature_attribute(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", data=np.arange(3.0), track_order=True)
    h5["events/userdef1"].attrs["min"] = np.zeros(5 * 1024**2, dtype=np.uint8)


@as_hdf5("thousands of attributes", errors.AttributeSizeError)
def _many_attributes(h5: h5py.File) -> None:
    for index in range(2500):
        h5["logs"].attrs[f"a{index}"] = 1


@as_hdf5("attribute that multiplies one text", errors.AttributeSizeError)
def _multiplied_text(h5: h5py.File) -> None:
    h5.attrs["user:texts"] = np.full(1000, "x" * 100, dtype=h5py.string_dtype())


@as_hdf5("attribute with a reference", errors.DataTypeError)
def _reference_attribute(h5: h5py.File) -> None:
    h5.attrs.create("user:reference", h5["events"].ref, dtype=h5py.ref_dtype)


@as_hdf5("named type", errors.DataTypeError)
def _named_type(h5: h5py.File) -> None:
    h5["logs/type"] = np.dtype("f8")


@as_hdf5("dataset of a named type that is gone", errors.DataTypeError)
def _named_type_used(h5: h5py.File) -> None:
    h5["type"] = np.dtype("f8")
    h5["events"].create_dataset("userdef1", (3,), dtype=h5["type"])
    del h5["type"]


@as_hdf5("references as events", errors.DataTypeError)
def _references(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", data=[h5["logs"].ref] * 3, dtype=h5py.ref_dtype)


@as_hdf5("lists of numbers as events", errors.DataTypeError)
def _ragged(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", (3,), dtype=h5py.vlen_dtype(np.int64))


@as_hdf5("arrays as events", errors.DataTypeError)
def _arrays(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", (3,), dtype=np.dtype((np.float64, (1000, 100))))


@as_hdf5("reference to a region in a table", errors.DataTypeError)
def _region(h5: h5py.File) -> None:
    h5.create_dataset("tables/x", (3,), dtype=[("a", "f8"), ("b", h5py.regionref_dtype)])


@as_hdf5("opaque data", errors.DataTypeError)
def _opaque(h5: h5py.File) -> None:
    h5["tables/x"] = np.zeros(3, dtype="V16")


@as_hdf5("table of tables", errors.DataTypeError)
def _nested_compound(h5: h5py.File) -> None:
    h5["tables/x"] = np.zeros(3, dtype=[("a", [("b", "f8")])])


@as_hdf5("control characters in a name", errors.ObjectNameError)
def _control_characters(h5: h5py.File) -> None:
    h5["logs/\x1b[31m"] = np.bytes_("red")


@as_hdf5("name that is not UTF-8", errors.ObjectNameError)
def _not_utf8(h5: h5py.File) -> None:
    h5[b"logs/\xff\xfe"] = np.bytes_("x")
