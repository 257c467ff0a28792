"""What bundle and preview are made of, gathered once for both.

Runs in sandboxed processes only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.overview import isolines, sprites
from dcor_shared.measurement.overview.columns import Columns, default_axes
from dcor_shared.measurement.reading.values import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from dcor_shared.measurement.overview.isolines import Lines
    from dcor_shared.measurement.overview.pictures import Pictures
    from dcor_shared.measurement.overview.sprites import Sprite

    Floats = npt.NDArray[np.float64]
    Note = dict[str, str]

_LONGEST_SAMPLE = 500


@dataclass
class Material:
    """What the bundle and the preview are made of.

    Attributes
    ----------
    metadata
        Configuration of the measurement.
    columns
        Its scalar features.
    pictures
        Its images, masks and traces.
    shown
        Sprites, by ascending index; empty until they are collected.
    axes
        Default axes.
    lines
        Isoelastics, the default first.
    notes
        What is missing and why, as ``code`` and ``text``.
    """

    metadata: Mapping[str, Mapping[str, Any]]
    columns: Columns
    pictures: Pictures
    notes: list[Note]
    shown: list[Sprite] = field(default_factory=list)
    axes: tuple[str, str] | None = None
    lines: list[Lines] = field(default_factory=list)
    no_lines: Note | None = None

    def gather(self) -> None:
        """Find the default axes and the isoelastics."""
        self.axes = default_axes(self.columns)
        if self.axes is None:
            self.note("no-axes", "There are no two features to plot.")
        try:
            self.lines = list(isolines.lines(isolines.conditions(self.metadata)))
        except isolines.NoLinesError as error:
            self.no_lines = {"code": error.code, "text": error.text}
            self.note(error.code, error.text)
        self._note_what_is_missing()

    def collect(self) -> None:
        """Find the sprites."""
        if self.pictures.has("image"):
            self.shown = sprites.collect(self.pictures, self.columns.count)

    def note(self, code: str, text: str) -> None:
        """Note that something is missing."""
        self.notes.append({"code": code, "text": text})

    def axis(self, number: int) -> Floats | None:
        """Values of a default axis of all events."""
        return None if self.axes is None else self.columns.get(self.axes[number])

    @property
    def sample(self) -> str | None:
        """Name of the sample, None if the file does not say."""
        name = self.metadata["experiment"].get("sample")
        if not isinstance(name, str) or not name.strip():
            return None
        return clean(name)[:_LONGEST_SAMPLE]

    @property
    def pixel_size(self) -> float | None:
        """Pixel size [µm]."""
        return isolines.positive(self.metadata["imaging"].get("pixel size"))

    @property
    def sample_rate(self) -> float | None:
        """Sample rate of the traces [Hz]."""
        return isolines.positive(self.metadata["fluorescence"].get("sample rate"))

    def _note_what_is_missing(self) -> None:
        if not self.pictures.has("image"):
            self.note("no-images", "The file has no images.")
        elif not self.pictures.has("mask"):
            self.note("no-masks", "The file has no masks, so there are no outlines.")
        if self.pixel_size is None:
            self.note("no-pixel-size", "The file does not say how large a pixel is.")
        if self.pictures.trace_names() and self.sample_rate is None:
            text = "The sample rate is missing; traces are shown over the sample index."
            self.note("no-sample-rate", text)
