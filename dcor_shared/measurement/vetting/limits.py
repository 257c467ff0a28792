"""What a measurement file may be like at most; far above anything a real measurement needs."""

from __future__ import annotations

from dataclasses import dataclass

_KIB, _MIB, _TIB = 1024, 1024**2, 1024**4


@dataclass(frozen=True)
class VettingLimits:
    """Upper bounds for the objects of a file.

    Attributes
    ----------
    depth
        Levels of groups below the root (``events/trace/fl1_raw`` is in level 2).
    objects
        Links in the whole file; old files have one dataset per contour.
    name_bytes
        Length of the name of an object or attribute.
    attributes
        Attributes of one object.
    attribute_bytes
        Logical size of one attribute.
    attribute_texts
        Elements of an attribute with text of variable length.
    logical_bytes
        Logical size of all datasets together.
    ratio, ratio_free_bytes
        Datasets may claim `ratio` times the size of the file (in a whole walk: each of its own
        stored bytes) plus the free bytes.
    chunk_bytes
        Size of one unpacked chunk.
    item_bytes
        Size of one element.
    rank
        Dimensions of a dataset.
    filters
        Filters of one dataset.
    whole
        Compare every dataset with its own stored bytes, not only all of them with the file; this
        costs remote files one read per dataset.
    sample
        Contours that are looked at. Old files have one dataset per event, so beyond the sample
        only the links are checked, and a contour is vetted when it is read (:mod:`contours`).
    """

    depth: int = 6
    objects: int = 2_000_000
    name_bytes: int = 1024
    attributes: int = 2000
    attribute_bytes: int = _MIB
    attribute_texts: int = 256
    logical_bytes: int = 4 * _TIB
    ratio: int = 10_000
    ratio_free_bytes: int = 64 * _MIB
    chunk_bytes: int = 256 * _MIB
    item_bytes: int = _MIB
    rank: int = 8
    filters: int = 4
    whole: bool = True
    sample: int = 64
