"""Images, masks, contours and traces of single events.

Runs in sandboxed processes only.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from dcor_shared.measurement.condensed.copying import BAD_DATA
from dcor_shared.measurement.overview import encoding
from dcor_shared.measurement.vetting.contours import open_contour

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

    Bytes = npt.NDArray[np.uint8]
    Contour = npt.NDArray[np.int32]

#: Larger images are not shown.
_MOST_PIXELS = 16 * 1024**2
_MOST_SAMPLES = 1_000_000
_MOST_POINTS = 100_000
_IMAGE_RANK = 3


class Pictures:
    """What there is to see of the events of a measurement.

    Parameters
    ----------
    ds
        The measurement.
    upstream
        The measurement that the images are in, if they are in a basin of the same dataset.
    mapping
        Event of `upstream` for each event of `ds`; None if they are the same.
    """

    def __init__(
        self,
        ds: Vetted_HDF5,
        upstream: Vetted_HDF5 | None = None,
        mapping: npt.NDArray[np.int64] | None = None,
    ) -> None:
        self._ds = ds
        self._upstream = upstream
        self._mapping = mapping
        self._sources: dict[str, Any] = {}
        self._own: dict[str, bool] = {}

    def has(self, feature: str) -> bool:
        """Whether there are images of this kind (``image``, ``image_bg`` or ``mask``)."""
        return self._source(feature) is not None

    def is_upstream(self, feature: str) -> bool:
        """Whether the images of this kind are in the upstream measurement."""
        return self.has(feature) and not self._own[feature]

    @property
    def shape(self) -> tuple[int, int] | None:
        """Height and width of the images [px]."""
        for feature in ("image", "mask"):
            if (source := self._source(feature)) is not None:
                return int(source.shape[1]), int(source.shape[2])
        return None

    @property
    def chunk(self) -> int:
        """Number of images that are read together."""
        chunks = getattr(self._source("image"), "chunks", None)
        return int(chunks[0]) if chunks else 1

    def image(self, index: int, feature: str = "image") -> Bytes | None:
        """An image in grey values; None if it cannot be read."""
        return self.images([index], feature)[0]

    def mask(self, index: int) -> Bytes | None:
        """Mask of an event: 1 inside, 0 outside; None if it cannot be read."""
        return self.masks([index])[0]

    def images(self, indices: Sequence[int], feature: str = "image") -> list[Bytes | None]:
        """Images in grey values; None for those that cannot be read."""
        found = self._read(feature, indices)
        return [None if image is None else _grey(image) for image in found]

    def masks(self, indices: Sequence[int]) -> list[Bytes | None]:
        """Masks: 1 inside, 0 outside; None for those that cannot be read."""
        found = self._read("mask", indices)
        return [None if mask is None else (mask != 0).view(np.uint8) for mask in found]

    def has_outlines(self) -> bool:
        """Whether there are outlines of events, stored or made of their masks."""
        return self.has("mask") or "contour" in self._ds.h5file["events"]

    def outline(self, index: int) -> Contour | None:
        """Outline of an event as pixel coordinates (x, y), shape (P, 2); None without any.

        Raises
        ------
        UnsafeFileError
            If there is no mask, and the stored outline breaks a rule.
        """
        mask = self.mask(index)
        return self._stored_outline(index) if mask is None else encoding.contour(mask)

    def _stored_outline(self, index: int) -> Contour | None:
        import h5py

        group = self._ds.h5file["events"].get("contour")
        try:
            # the walk over a remote file looks at some of the outlines only
            points = h5py.Dataset(open_contour(group.id, str(index)))
            fits = points.shape[1:] == (2,) and len(points) <= _MOST_POINTS
            return np.asarray(points, dtype=np.int32) if fits else None
        except BAD_DATA:
            return None

    def traces(self, index: int, kind: str = "") -> dict[str, npt.NDArray[Any]]:
        """Fluorescence traces of an event, by name; those that cannot be read are left out.

        Parameters
        ----------
        kind
            Only those whose names end like this (``raw``, ``median``).
        """
        names = [name for name in self.trace_names() if name.endswith(kind)]
        found = {name: self._trace(name, index) for name in names}
        return {name: trace for name, trace in found.items() if trace is not None}

    def trace_names(self) -> list[str]:
        """Names of the traces that there are: of each channel the raw one first."""
        from dclab import definitions

        groups = [group for group, _ in self._trace_groups(0)]
        names = [name for name in definitions.FLUOR_TRACES if any(name in one for one in groups)]
        return sorted(names, key=lambda name: (name.partition("_")[0], name.endswith("_median")))

    def _trace(self, name: str, index: int) -> npt.NDArray[Any] | None:
        for group, place in self._trace_groups(index):
            if name in group:
                return _trace(group[name], place)
        return None

    def _trace_groups(self, index: int) -> Iterator[tuple[Any, int]]:
        """Groups of traces, and the index of an event in each."""
        yield self._ds.h5file["events"].get("trace", {}), index
        if self._upstream is not None:
            yield self._upstream.h5file["events"].get("trace", {}), self._place(index)

    def _source(self, feature: str) -> Any:
        if feature not in self._sources:
            own = _stack(self._ds, feature)
            self._own[feature] = own is not None
            self._sources[feature] = _stack(self._upstream, feature) if own is None else own
        return self._sources[feature]

    def _place(self, index: int) -> int:
        return index if self._mapping is None else int(self._mapping[index])

    def _read(self, feature: str, indices: Sequence[int]) -> list[npt.NDArray[Any] | None]:
        source = self._source(feature)
        if source is None:
            return [None] * len(indices)
        if not self.is_upstream(feature):
            return _images(source, indices)
        return _images(source, [self._place(index) for index in indices])


def _images(source: Any, indices: Sequence[int]) -> list[npt.NDArray[Any] | None]:
    """Images at some places; neighbours are read at once."""
    first, last = min(indices), max(indices)
    together = last - first == len(indices) - 1 and first >= 0 and last < len(source)
    if together and len(indices) * source.shape[1] * source.shape[2] <= _MOST_PIXELS:
        try:
            stack = np.asarray(source[first : last + 1])
            return [stack[index - first] for index in indices]
        except BAD_DATA:
            pass  # one by one, the others may be readable
    return [_image(source, index) for index in indices]


def _image(source: Any, index: int) -> npt.NDArray[Any] | None:
    if not 0 <= index < len(source):
        return None
    try:
        return np.asarray(source[index])
    except BAD_DATA:
        return None


def _stack(ds: Vetted_HDF5 | None, feature: str) -> Any:
    """All images of a kind, shape (N, height, width); None if there are none to show."""
    if ds is None:
        return None
    try:
        if feature in ds.features_in_events:
            found = ds.h5file["events"][feature]
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = ds[feature] if feature in ds.features_basin else None
        shape = () if found is None else tuple(found.shape)
    except BAD_DATA:
        return None
    fits = len(shape) == _IMAGE_RANK and 0 < shape[1] * shape[2] <= _MOST_PIXELS
    return found if fits and shape[0] else None


def _grey(values: npt.NDArray[Any]) -> Bytes:
    """The image in 8 bits; anything else is stretched between its smallest and largest value."""
    if values.dtype == np.uint8:
        return values
    numbers = np.nan_to_num(values.astype(np.float64), posinf=0, neginf=0)
    low, high = numbers.min(), numbers.max()
    spread = high - low if high > low else 1
    stretched: Bytes = np.round((numbers - low) / spread * 255).astype(np.uint8)
    return stretched


def _trace(dataset: Any, index: int) -> npt.NDArray[Any] | None:
    try:
        if index >= dataset.shape[0] or dataset.shape[1] > _MOST_SAMPLES:
            return None
        values = np.asarray(dataset[index])
        if values.dtype == np.int16:
            return values
        values = values.astype(np.float32)
    except BAD_DATA:
        return None
    return values if np.isfinite(values).all() else np.nan_to_num(values)
