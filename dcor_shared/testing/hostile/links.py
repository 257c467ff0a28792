"""Files whose links lead astray."""

from __future__ import annotations

import h5py

from dcor_shared.measurement import errors
from dcor_shared.testing.hostile.corpus import as_hdf5

_SECRET = "/etc/passwd"  # noqa: S105 - a path


@as_hdf5("external link", errors.ExternalLinkError)
def _external_link(h5: h5py.File) -> None:
    h5["logs/stolen"] = h5py.ExternalLink(_SECRET, "/")


@as_hdf5("external link in the place of events", errors.ExternalLinkError)
def _external_events(h5: h5py.File) -> None:
    del h5["events"]
    h5["events"] = h5py.ExternalLink("other.rtdc", "/events")


@as_hdf5("soft link through an external link", errors.ExternalLinkError)
def _soft_through_external(h5: h5py.File) -> None:
    h5["a"] = h5py.SoftLink("/b/c/image")
    h5["b"] = h5py.ExternalLink("other.rtdc", "/")


@as_hdf5("soft link that leads nowhere", errors.SoftLinkError)
def _dangling(h5: h5py.File) -> None:
    h5["events/userdef1"] = h5py.SoftLink("/nowhere")


@as_hdf5("soft link to itself", errors.SoftLinkError)
def _soft_loop(h5: h5py.File) -> None:
    h5["events/userdef1"] = h5py.SoftLink("/events/userdef1")


@as_hdf5("soft links in a circle", errors.SoftLinkError)
def _soft_circle(h5: h5py.File) -> None:
    h5["events/userdef1"] = h5py.SoftLink("/events/userdef2")
    h5["events/userdef2"] = h5py.SoftLink("userdef1")


@as_hdf5("soft link to an ancestor", errors.SoftLinkError)
def _soft_ancestor(h5: h5py.File) -> None:
    h5["events/trace/fl1_raw"] = h5py.SoftLink("/events")


@as_hdf5("soft link to the root", errors.SoftLinkError)
def _soft_root(h5: h5py.File) -> None:
    h5["logs/root"] = h5py.SoftLink("/")


@as_hdf5("soft link that goes through a dataset", errors.SoftLinkError)
def _soft_through_dataset(h5: h5py.File) -> None:
    h5["logs/x"] = h5py.SoftLink("/events/deform/x")


@as_hdf5("soft link from a scalar feature to images", errors.WrongRankError)
def _soft_wrong_rank(h5: h5py.File) -> None:
    h5["events/userdef1"] = h5py.SoftLink("/events/image")


@as_hdf5("group that contains itself", errors.LinkLoopError)
def _hard_loop(h5: h5py.File) -> None:
    h5["loop"] = h5["/"]


@as_hdf5("groups that grow exponentially", errors.LinkLoopError)
def _exponential(h5: h5py.File) -> None:
    group = h5.create_group("g")
    for _ in range(4):
        deeper = group.create_group("x")
        group["y"] = deeper
        group = deeper
