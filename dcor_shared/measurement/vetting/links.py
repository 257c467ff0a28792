"""Links: only hard links, and soft links that lead to a dataset of the same file."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from dcor_shared.measurement.errors import (
    ExternalLinkError,
    ObjectNameError,
    SoftLinkError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from h5py import h5g, h5l
    from h5py.h5g import GroupID

    from dcor_shared.measurement.vetting.limits import VettingLimits

#: Soft links that may follow one another.
_HOPS = 8


def members(
    group: GroupID, path: str, limits: VettingLimits, at_most: float = inf
) -> Iterator[tuple[str, GroupID, bytes]]:
    """Members of a group, in no particular order; all links are checked before the first one.

    Parameters
    ----------
    group, path
        The group and its path in the file.
    limits
        Limits of the walk.
    at_most
        Number of members after which hard links are left out; where it is limited, soft links
        are refused, because they would have to be followed one by one.

    Yields
    ------
    name, holder, last
        Name of the member, and the group and name of the hard link where it is found: the same
        ones, or those that a soft link leads to.

    Raises
    ------
    ExternalLinkError, SoftLinkError, ObjectNameError
        If a link is not allowed.
    """
    from h5py import h5l

    for name, kind in _links(group, path, limits, at_most):
        if kind == h5l.TYPE_HARD:
            yield name.decode(), group, name
        elif kind == h5l.TYPE_SOFT and at_most < inf:
            raise SoftLinkError(f"'{path}' has a soft link; copy what it leads to into its place.")
        elif kind == h5l.TYPE_SOFT:
            yield name.decode(), *_follow_soft_link(group, name, path)
        else:
            raise ExternalLinkError(
                f"'{path}' has a link that leads out of the file; copy what it leads to "
                "into the file."
            )


def _links(
    group: GroupID, path: str, limits: VettingLimits, at_most: float
) -> list[tuple[bytes, int]]:
    """Names and kinds of links; of half a million contours only a few are remembered."""
    from h5py import h5l

    found: list[tuple[bytes, int]] = []
    objections: list[str] = []

    def look(name: bytes, link: h5l.LinkInfo) -> str | None:
        if len(found) < at_most or link.type != h5l.TYPE_HARD:
            found.append((name, link.type))
        if objection := _objection(name, path, limits):
            objections.append(objection)
        # anything but None ends the iteration; HDF5 does not survive an exception here
        return objection

    group.links.iterate(look, info=True)
    if objections:
        raise ObjectNameError(objections[0])
    return found


def count(group: GroupID) -> int:
    """Number of links of a group."""
    return int(group.get_num_objs())


def info(group: GroupID, name: bytes) -> h5g.GroupStat:
    """Kind and identity of the object that a hard link leads to.

    The newer ``h5o.get_info`` adds up the size of the object's index as well: for images it would
    read places all over the file.
    """
    from h5py import h5g

    return h5g.get_objinfo(group, name)


def _objection(name: bytes, path: str, limits: VettingLimits) -> str | None:
    text = name.decode("utf-8", "replace")
    if len(name) > limits.name_bytes or "\N{REPLACEMENT CHARACTER}" in text:
        return f"'{path}' has an object whose name is too long or not UTF-8."
    if not text.isprintable():
        return f"'{path}' has an object with control characters in its name."
    return None


def _follow_soft_link(group: GroupID, name: bytes, path: str) -> tuple[GroupID, bytes]:
    from h5py import h5g

    where = f"'{path}/{name.decode()}'"
    holder, last = _follow(group, name, where, _HOPS)
    if info(holder, last).type != h5g.DATASET:
        raise SoftLinkError(f"{where} is a soft link to something that is no dataset.")
    return holder, last


def _follow(group: GroupID, name: bytes, where: str, hops: int) -> tuple[GroupID, bytes]:
    """The group and name of the hard link that a name leads to, step by step.

    HDF5 is never asked to resolve a path: it would follow external links on the way.
    """
    from h5py import h5l

    if not hops or not group.links.exists(name):
        raise SoftLinkError(f"{where} is a soft link that leads nowhere or in circles.")
    kind = group.links.get_info(name).type
    if kind == h5l.TYPE_HARD:
        return group, name
    if kind != h5l.TYPE_SOFT:
        raise ExternalLinkError(f"{where} is a soft link that leads out of the file.")
    return _resolve(group, group.links.get_val(name), where, hops - 1)


def _resolve(group: GroupID, target: bytes, where: str, hops: int) -> tuple[GroupID, bytes]:
    from h5py import h5g, h5i

    if target.startswith(b"/"):
        group = h5g.open(h5i.get_file_id(group), b"/")
    parts = [part for part in target.split(b"/") if part not in {b"", b"."}]
    if not parts:
        raise SoftLinkError(f"{where} is a soft link to something that is no dataset.")
    for part in parts[:-1]:
        holder, last = _follow(group, part, where, hops)
        if info(holder, last).type != h5g.GROUP:
            raise SoftLinkError(f"{where} is a soft link that leads nowhere.")
        group = h5g.open(holder, last)
    return _follow(group, parts[-1], where, hops)
