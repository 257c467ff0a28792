"""The task ``events``: pictures and values of single events. Runs in a sandboxed session only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dcor_shared.measurement.errors import NoPictureError, NoSuchEventError
from dcor_shared.measurement.opening import vetted
from dcor_shared.measurement.overview import encoding, isolines, sheets, sprites
from dcor_shared.measurement.overview.columns import Columns
from dcor_shared.measurement.overview.container import ContainerWriter
from dcor_shared.measurement.overview.numbers import finite_or_none
from dcor_shared.measurement.overview.pictures import Pictures
from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5
from dcor_shared.measurement.vetting import VettingLimits

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcor_shared.measurement.sandbox.child import Workspace

    Json = dict[str, Any]

#: Bytes of columns that are kept for the next question.
_KEPT_BYTES = 128 * 1024**2
#: Events of one question at most.
MOST_EVENTS = 96
_KINDS = {"image": "image", "background": "image_bg"}


def events_task(workspace: Workspace, _arguments: Json) -> None:
    """Answer questions about the source; see :class:`Events`."""
    assert workspace.questions is not None  # noqa: S101 - the caller opened a session
    assert workspace.source is not None  # noqa: S101 - sessions have one
    with vetted(workspace.source, VettingLimits(whole=False)) as h5file:
        workspace.questions.answer_all(Events(Vetted_HDF5(h5file)).answer)


class Events:
    """Answers to questions about single events of a measurement.

    Pictures may be wanted for another measurement, whose events have other numbers: `index` (or
    `indices`) of a question are its numbers, by which events are called in answers; `place` (or
    `places`) say where they are here, and `event_count` how many events it has.
    """

    def __init__(self, ds: Vetted_HDF5) -> None:
        self._ds = ds
        self._pictures = Pictures(ds)
        self._columns = Columns(ds, None, [])
        self._answers: dict[str, Callable[[Json], Any]] = {
            "facts": self._facts,
            "values": self._values,
            "picture": self._picture,
            "event": self._event,
            "sprites": self._sprites,
            "places": self._places,
        }

    def answer(self, question: Json) -> Any:
        """The answer to one question; its key ``ask`` says what for."""
        return self._answers[question["ask"]](question)

    def _index(self, question: Json) -> int:
        index = int(question["index"])
        if not 0 <= index < len(self._ds):
            raise NoSuchEventError(
                f"There is no event {index}; the last one is {len(self._ds) - 1}."
            )
        return index

    def _place(self, question: Json) -> int:
        """Where the event of a question is in this measurement."""
        if "place" not in question:
            return self._index(question)
        place = int(question["place"])
        if not 0 <= place < len(self._ds):
            raise NoPictureError(
                f"Event {question['index']} is said to be event {place} of the file with the"
                " images, which has fewer events."
            )
        return place

    def _facts(self, question: Json) -> Json:
        """Everything about an event but its values and pictures."""
        outline = self._pictures.outline(self._place(question))
        shape = self._pictures.shape
        return {
            "index": int(question["index"]),
            "event_count": int(question.get("event_count", len(self._ds))),
            "contour": None if outline is None else outline.tolist(),
            "traces": self._pictures.trace_names(),
            "shape": None if shape is None else list(shape),
            "missing": self._missing(),
        }

    def _missing(self) -> list[Json]:
        texts = {
            "image": ("no-images", "The file has no images."),
            "image_bg": ("no-backgrounds", "The file has no background images."),
            "mask": ("no-masks", "The file has no masks, so there are no outlines."),
        }
        return [
            {"code": code, "text": text}
            for kind, (code, text) in texts.items()
            if not self._pictures.has(kind)
        ]

    def _values(self, question: Json) -> Json:
        """Values of all scalar features."""
        index = self._index(question)
        keep = 8 * len(self._ds) * len(self._columns.names) <= _KEPT_BYTES
        found = {}
        for name in list(self._columns.names):
            column = self._columns.one(name, index, keep=keep)
            if column is not None:
                found[name] = finite_or_none(column)
        return found

    def _picture(self, question: Json) -> bytes:
        """One picture as PNG."""
        place, kind = self._place(question), str(question["kind"])
        if kind == "mask":
            mask = self._pictures.mask(place)
            data = None if mask is None else encoding.mask_png(mask)
        else:
            image = self._pictures.image(place, _KINDS[kind])
            data = None if image is None else encoding.png(image)
        if data is None:
            raise NoPictureError(f"Event {question['index']} has no {kind} that can be read.")
        return data

    def _event(self, question: Json) -> bytes:
        """Facts, pictures and traces in one container."""
        place = self._place(question)
        writer = ContainerWriter()
        header: Json = {"kind": "event"} | self._facts(question)
        image = self._pictures.image(place)
        background = self._pictures.image(place, "image_bg")
        mask = self._pictures.mask(place)
        for name, picture in (("image", image), ("background", background)):
            found = None if picture is None else encoding.png(picture)
            header[name] = None if found is None else writer.add(found, type="image/png")
        header["mask"] = (
            None if mask is None else writer.add(encoding.mask_png(mask), type="image/png")
        )
        header["traces"] = [
            writer.add_array(trace, "<i2" if trace.dtype == np.int16 else "<f4", name=name)
            for name, trace in self._pictures.traces(place).items()
        ]
        rate = self._ds.config["fluorescence"].get("sample rate")
        header["sample_rate"] = isolines.positive(rate)
        return writer.to_bytes(header)

    def _sprites(self, question: Json) -> bytes:
        """Cropped images of several events; those without an image are left out."""
        indices = [int(index) for index in question["indices"][:MOST_EVENTS]]
        places = question.get("places") or [self._index({"index": index}) for index in indices]
        found = [
            replace(sprite, index=index)
            for index, place in zip(indices, places, strict=True)
            if place is not None and 0 <= place < len(self._ds)
            for sprite in sprites.crops(self._pictures, [place])
        ]
        writer = ContainerWriter()
        missing = None if found else {"code": "no-images", "text": "There are no images of these."}
        described = sheets.write(writer, sheets.draw(found)) | {"missing": missing}
        return writer.to_bytes({"kind": "events", "sprites": described})

    def _places(self, question: Json) -> list[int | None]:
        """Indices of events in the measurement that this one was made of; None where unknown."""
        name = str(question["mapping"])
        indices = [self._index({"index": index}) for index in question["indices"][:MOST_EVENTS]]
        if name not in self._columns:
            return [None] * len(indices)
        keep = 8 * len(self._ds) <= _KEPT_BYTES
        return [_whole(self._columns.one(name, index, keep=keep)) for index in indices]


def _whole(value: float | None) -> int | None:
    return None if value is None or not np.isfinite(value) or value < 0 else int(value)
