"""Hostile and broken files, made by code, each with the error that must refuse it.

Every builder changes a good measurement of three events in one way.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import h5py
import hdf5plugin
import numpy as np
from h5py import h5d, h5p, h5s, h5t

from dcor_shared.measurement import errors
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SECRET = "/etc/passwd"  # noqa: S105 - a path


@dataclass(frozen=True)
class Hostile:
    """One way to make a file bad.

    Attributes
    ----------
    name
        What is bad.
    error
        Class of the error that names it.
    build
        Changes the file.
    """

    name: str
    error: type[errors.MeasurementError]
    build: Callable[[Path], None]


CORPUS: list[Hostile] = []


def write_hostile(hostile: Hostile, path: Path, *, good: Path | None = None) -> Path:
    """Write a bad file.

    Parameters
    ----------
    hostile
        Member of :data:`CORPUS`.
    path
        File to write.
    good
        A good measurement to start from; written if not given.
    """
    if good is None:
        write_measurement(path, events=3)
    else:
        shutil.copyfile(good, path)
    hostile.build(path)
    return path


def _bytes(
    name: str, error: type[errors.MeasurementError]
) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """Register a builder that works on the file as bytes."""

    def register(build: Callable[[Path], None]) -> Callable[[Path], None]:
        CORPUS.append(Hostile(name, error, build))
        return build

    return register


def _hdf5(
    name: str, error: type[errors.MeasurementError]
) -> Callable[[Callable[[h5py.File], None]], Callable[[h5py.File], None]]:
    """Register a builder that works on the opened file."""

    def register(change: Callable[[h5py.File], None]) -> Callable[[h5py.File], None]:
        def build(path: Path) -> None:
            with h5py.File(path, "a", libver=("earliest", "latest")) as h5:
                change(h5)

        CORPUS.append(Hostile(name, error, build))
        return change

    return register


def _raw_dataset(
    group: h5py.Group, name: str, shape: tuple[int, ...], kind: h5t.TypeID, plist: h5p.PropDCID
) -> None:
    h5d.create(group.id, name.encode(), kind, h5s.create_simple(shape), plist)


@_bytes("empty file", errors.NotHdf5Error)
def _empty(path: Path) -> None:
    path.write_bytes(b"")


@_bytes("garbage", errors.NotHdf5Error)
def _garbage(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)


@_bytes("only the signature", errors.UnreadableFileError)
def _only_signature(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:8])


@_bytes("truncated", errors.TruncatedFileError)
def _truncated(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


@_bytes("structure overwritten", errors.UnreadableFileError)
def _overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    with h5py.File(path) as h5:
        start = h5py.h5o.get_info(h5["events"].id).addr
    data[start : start + 64] = b"\xff" * 64
    path.write_bytes(bytes(data))


@_bytes("user block", errors.UserBlockError)
def _user_block(path: Path) -> None:
    data = path.read_bytes()
    with h5py.File(path, "w", userblock_size=512) as h5:
        h5.create_group("events")
    path.write_bytes(b"#!/bin/sh\n".ljust(512) + path.read_bytes()[512:] + data[:0])


@_hdf5("no events group", errors.NoEventsError)
def _no_events_group(h5: h5py.File) -> None:
    del h5["events"]


@_hdf5("no features", errors.NoEventsError)
def _no_features(h5: h5py.File) -> None:
    del h5["events"]
    h5.create_group("events")


@_hdf5("features without events", errors.NoEventsError)
def _no_events(h5: h5py.File) -> None:
    del h5["events"]
    h5["events/deform"] = np.zeros(0)
    h5.attrs["experiment:event count"] = 0


@_hdf5("external link", errors.ExternalLinkError)
def _external_link(h5: h5py.File) -> None:
    h5["logs/stolen"] = h5py.ExternalLink(_SECRET, "/")


@_hdf5("external link in the place of events", errors.ExternalLinkError)
def _external_events(h5: h5py.File) -> None:
    del h5["events"]
    h5["events"] = h5py.ExternalLink("other.rtdc", "/events")


@_hdf5("soft link through an external link", errors.ExternalLinkError)
def _soft_through_external(h5: h5py.File) -> None:
    h5["a"] = h5py.SoftLink("/b/c/image")
    h5["b"] = h5py.ExternalLink("other.rtdc", "/")


@_hdf5("soft link that leads nowhere", errors.SoftLinkError)
def _dangling(h5: h5py.File) -> None:
    h5["events/userdef1"] = h5py.SoftLink("/nowhere")


@_hdf5("soft link to itself", errors.SoftLinkError)
def _soft_loop(h5: h5py.File) -> None:
    h5["events/userdef1"] = h5py.SoftLink("/events/userdef1")


@_hdf5("soft links in a circle", errors.SoftLinkError)
def _soft_circle(h5: h5py.File) -> None:
    h5["events/userdef1"] = h5py.SoftLink("/events/userdef2")
    h5["events/userdef2"] = h5py.SoftLink("userdef1")


@_hdf5("soft link to an ancestor", errors.SoftLinkError)
def _soft_ancestor(h5: h5py.File) -> None:
    h5["events/trace/fl1_raw"] = h5py.SoftLink("/events")


@_hdf5("soft link to the root", errors.SoftLinkError)
def _soft_root(h5: h5py.File) -> None:
    h5["logs/root"] = h5py.SoftLink("/")


@_hdf5("soft link that goes through a dataset", errors.SoftLinkError)
def _soft_through_dataset(h5: h5py.File) -> None:
    h5["logs/x"] = h5py.SoftLink("/events/deform/x")


@_hdf5("soft link from a scalar feature to images", errors.WrongRankError)
def _soft_wrong_rank(h5: h5py.File) -> None:
    h5["events/userdef1"] = h5py.SoftLink("/events/image")


@_hdf5("group that contains itself", errors.LinkLoopError)
def _hard_loop(h5: h5py.File) -> None:
    h5["loop"] = h5["/"]


@_hdf5("groups that grow exponentially", errors.LinkLoopError)
def _exponential(h5: h5py.File) -> None:
    group = h5.create_group("g")
    for _ in range(4):
        deeper = group.create_group("x")
        group["y"] = deeper
        group = deeper


@_hdf5("external raw storage", errors.ExternalStorageError)
def _external_storage(h5: h5py.File) -> None:
    h5["events"].create_dataset(
        "userdef1", (3,), np.uint8, external=[(_SECRET, 0, h5py.h5f.UNLIMITED)]
    )


@_hdf5("virtual dataset from another file", errors.VirtualDatasetError)
def _virtual(h5: h5py.File) -> None:
    layout = h5py.VirtualLayout((3,), np.uint8)
    layout[:] = h5py.VirtualSource("other.rtdc", "events/deform", (3,))
    h5["events"].create_virtual_dataset("userdef1", layout)


@_hdf5("virtual dataset from itself", errors.VirtualDatasetError)
def _virtual_self(h5: h5py.File) -> None:
    layout = h5py.VirtualLayout((3,), np.uint8)
    layout[:] = h5py.VirtualSource(".", "events/userdef1", (3,))
    h5["events"].create_virtual_dataset("userdef1", layout)


@_hdf5("filter blosc", errors.FilterNotAllowedError)
def _blosc(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", data=np.arange(3.0), chunks=(3,), **hdf5plugin.Blosc())


@_hdf5("filter scale-offset", errors.FilterNotAllowedError)
def _scale_offset(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", data=np.arange(3), chunks=(3,), scaleoffset=True)


@_hdf5("filter that nobody knows", errors.FilterNotAllowedError)
def _unknown_filter(h5: h5py.File) -> None:
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_chunk((3,))
    plist.set_filter(31337, h5py.h5z.FLAG_OPTIONAL, (1,))
    _raw_dataset(h5["events"], "userdef1", (3,), h5t.NATIVE_DOUBLE, plist)


@_hdf5("compressed twice", errors.FilterNotAllowedError)
def _twice(h5: h5py.File) -> None:
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_chunk((3,))
    plist.set_deflate(9)
    plist.set_filter(hdf5plugin.ZSTD_ID, 0, (5,))
    _raw_dataset(h5["events"], "userdef1", (3,), h5t.NATIVE_DOUBLE, plist)


@_hdf5("shuffled a hundred times", errors.FilterNotAllowedError)
def _many_filters(h5: h5py.File) -> None:
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_chunk((3,))
    for _ in range(30):
        plist.set_shuffle()
    _raw_dataset(h5["events"], "userdef1", (3,), h5t.NATIVE_DOUBLE, plist)


@_hdf5("a quadrillion events", errors.LogicalSizeError)
def _quadrillion(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", (10**15,), np.float64, chunks=(1024,))


@_hdf5("much from nothing", errors.LogicalSizeError)
def _unwritten(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", (10**12,), np.uint8, chunks=(1024,))


@_hdf5("elements of many megabytes", errors.LogicalSizeError)
def _huge_elements(h5: h5py.File) -> None:
    h5["logs"].create_dataset("x", (3,), "S50000000", chunks=(1,))


@_hdf5("giant chunk", errors.ChunkSizeError)
def _giant_chunk(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", (3,), np.float64, chunks=(2**28,), maxshape=(None,))


@_hdf5("deep nesting", errors.NestingError)
def _deep(h5: h5py.File) -> None:
    h5.create_group("/".join("g" * 200))


@_hdf5("giant attribute", errors.AttributeSizeError)
def _giant_attribute(h5: h5py.File) -> None:
    group = h5.create_group("giant", track_order=True)  # the root keeps small attributes only
    group.attrs["x"] = np.zeros(5 * 1024**2, dtype=np.uint8)


@_hdf5("giant attribute of a feature", errors.AttributeSizeError)
def _giant_feature_attribute(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", data=np.arange(3.0), track_order=True)
    h5["events/userdef1"].attrs["min"] = np.zeros(5 * 1024**2, dtype=np.uint8)


@_hdf5("thousands of attributes", errors.AttributeSizeError)
def _many_attributes(h5: h5py.File) -> None:
    for index in range(2500):
        h5["logs"].attrs[f"a{index}"] = 1


@_hdf5("attribute that multiplies one text", errors.AttributeSizeError)
def _multiplied_text(h5: h5py.File) -> None:
    h5.attrs["user:texts"] = np.full(1000, "x" * 100, dtype=h5py.string_dtype())


@_hdf5("attribute with a reference", errors.DataTypeError)
def _reference_attribute(h5: h5py.File) -> None:
    h5.attrs.create("user:reference", h5["events"].ref, dtype=h5py.ref_dtype)


@_hdf5("named type", errors.DataTypeError)
def _named_type(h5: h5py.File) -> None:
    h5["logs/type"] = np.dtype("f8")


@_hdf5("dataset of a named type that is gone", errors.DataTypeError)
def _named_type_used(h5: h5py.File) -> None:
    h5["type"] = np.dtype("f8")
    h5["events"].create_dataset("userdef1", (3,), dtype=h5["type"])
    del h5["type"]


@_hdf5("references as events", errors.DataTypeError)
def _references(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", data=[h5["logs"].ref] * 3, dtype=h5py.ref_dtype)


@_hdf5("lists of numbers as events", errors.DataTypeError)
def _ragged(h5: h5py.File) -> None:
    h5["events"].create_dataset("userdef1", (3,), dtype=h5py.vlen_dtype(np.int64))


@_hdf5("opaque data", errors.DataTypeError)
def _opaque(h5: h5py.File) -> None:
    h5["tables/x"] = np.zeros(3, dtype="V16")


@_hdf5("table of tables", errors.DataTypeError)
def _nested_compound(h5: h5py.File) -> None:
    h5["tables/x"] = np.zeros(3, dtype=[("a", [("b", "f8")])])


@_hdf5("control characters in a name", errors.ObjectNameError)
def _control_characters(h5: h5py.File) -> None:
    h5["logs/\x1b[31m"] = np.bytes_("red")


@_hdf5("name that is not UTF-8", errors.ObjectNameError)
def _not_utf8(h5: h5py.File) -> None:
    h5[b"logs/\xff\xfe"] = np.bytes_("x")


@_hdf5("scalar feature with two dimensions", errors.WrongRankError)
def _deform_2d(h5: h5py.File) -> None:
    del h5["events/deform"]
    h5["events/deform"] = np.zeros((3, 3))


@_hdf5("scalar feature without dimensions", errors.WrongRankError)
def _deform_0d(h5: h5py.File) -> None:
    del h5["events/deform"]
    h5["events/deform"] = 0.1


@_hdf5("scalar feature without data space", errors.WrongRankError)
def _deform_null(h5: h5py.File) -> None:
    del h5["events/deform"]
    h5["events/deform"] = h5py.Empty("f8")


@_hdf5("image with one dimension", errors.WrongRankError)
def _image_1d(h5: h5py.File) -> None:
    del h5["events/image"]
    h5["events/image"] = np.zeros(3, dtype=np.uint8)


@_hdf5("scalar feature that is a group", errors.WrongRankError)
def _deform_group(h5: h5py.File) -> None:
    del h5["events/deform"]
    h5.create_group("events/deform")


@_hdf5("events that are a dataset", errors.WrongRankError)
def _events_dataset(h5: h5py.File) -> None:
    del h5["events"]
    h5["events"] = np.zeros(3)


@_hdf5("logs that are a dataset", errors.WrongRankError)
def _logs_dataset(h5: h5py.File) -> None:
    del h5["logs"]
    h5["logs"] = np.zeros(3)


@_hdf5("trace that is a dataset", errors.WrongRankError)
def _trace_dataset(h5: h5py.File) -> None:
    h5["events/trace"] = np.zeros((3, 10))


@_hdf5("trace with one dimension", errors.WrongRankError)
def _trace_1d(h5: h5py.File) -> None:
    h5["events/trace/fl1_raw"] = np.zeros(3)


@_hdf5("contour with three dimensions", errors.WrongRankError)
def _contour_3d(h5: h5py.File) -> None:
    h5["events/contour/0"] = np.zeros((3, 2, 2))


@_hdf5("dataset with many dimensions", errors.WrongRankError)
def _many_dimensions(h5: h5py.File) -> None:
    h5["tables/x"] = np.zeros((1,) * 20)
