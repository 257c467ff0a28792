"""The walk over all objects of a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from dcor_shared.measurement.errors import (
    DataTypeError,
    LinkLoopError,
    LogicalSizeError,
    NestingError,
    TooManyObjectsError,
    UserBlockError,
)
from dcor_shared.measurement.vetting import links
from dcor_shared.measurement.vetting.attributes import check_attributes
from dcor_shared.measurement.vetting.datasets import check_dataset, check_ratio
from dcor_shared.measurement.vetting.features import check_feature, check_group
from dcor_shared.measurement.vetting.limits import VettingLimits

if TYPE_CHECKING:
    import h5py
    from h5py.h5g import GroupID
    from h5py.h5o import ObjectID


@dataclass
class _Walk:
    limits: VettingLimits
    file_size: int
    objects: int = 0
    logical_bytes: int = 0
    groups_seen: set[object] = field(default_factory=set)
    pending: list[tuple[GroupID, tuple[str, ...]]] = field(default_factory=list)


def vet(h5file: h5py.File, limits: VettingLimits | None = None) -> None:
    """Look at every object of an opened file before any data are read.

    Parameters
    ----------
    h5file
        The file, opened for reading and not looked at yet.
    limits
        Upper bounds.

    Raises
    ------
    UnsafeFileError
        One of its subclasses, named after the broken rule.
    """
    from h5py import h5g

    if h5file.userblock_size:
        raise UserBlockError("Foreign bytes stand before the HDF5 data.")
    walk = _Walk(limits or VettingLimits(), file_size=h5file.id.get_filesize())
    root = h5g.open(h5file.id, b"/")
    check_attributes(root, "/", walk.limits)
    _enter(walk, root, ())
    while walk.pending:
        _visit_group(walk, *walk.pending.pop())
    check_ratio(walk.logical_bytes, walk.file_size, "The file", walk.limits)


def _visit_group(walk: _Walk, group: GroupID, parts: tuple[str, ...]) -> None:
    limits = walk.limits
    walk.objects += links.count(group)
    if walk.objects > limits.objects:
        raise TooManyObjectsError(f"The file has more than {limits.objects} objects.")
    at_most = limits.sample if parts == ("events", "contour") else inf
    for name, holder, last in links.members(group, "/".join(parts), limits, at_most):
        _visit(walk, holder, last, (*parts, name))


def _visit(walk: _Walk, holder: GroupID, last: bytes, parts: tuple[str, ...]) -> None:
    from h5py import h5g, h5o

    kind = links.info(holder, last).type
    path = "/".join(parts)
    if kind not in {h5g.GROUP, h5g.DATASET}:
        raise DataTypeError(f"'{path}' is neither a group nor a dataset.")
    obj = h5o.open(holder, last)
    check_attributes(obj, path, walk.limits)
    if kind == h5g.GROUP:
        check_group(parts)
        _enter(walk, obj, parts)
    else:
        _visit_dataset(walk, obj, parts)


def _enter(walk: _Walk, group: ObjectID, parts: tuple[str, ...]) -> None:
    info = links.info(group, b".")
    identity = (info.fileno, info.objno)
    path = "/".join(parts)
    if identity in walk.groups_seen:
        raise LinkLoopError(f"The group '{path}' can be reached in more than one way.")
    if len(parts) > walk.limits.depth:
        raise NestingError(f"'{path}' lies deeper than {walk.limits.depth} levels.")
    walk.groups_seen.add(identity)
    walk.pending.append((group, parts))


def _visit_dataset(walk: _Walk, dataset: ObjectID, parts: tuple[str, ...]) -> None:
    path = "/".join(parts)
    walk.logical_bytes += check_dataset(dataset, path, walk.limits)
    if walk.logical_bytes > walk.limits.logical_bytes:
        raise LogicalSizeError(f"The file claims to have {walk.logical_bytes} bytes or more.")
    check_feature(dataset, parts)
