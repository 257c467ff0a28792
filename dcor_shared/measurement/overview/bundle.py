"""Putting the bundle together: header and blocks of docs/decisions/0010-overview-bundle.md.

Runs in sandboxed processes only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from dcor_shared.measurement.overview import isolines, labels, numbers, sampling, sheets
from dcor_shared.measurement.overview.container import ContainerWriter
from dcor_shared.measurement.overview.numbers import finite_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from dcor_shared.measurement.overview.isolines import Lines
    from dcor_shared.measurement.overview.material import Material
    from dcor_shared.measurement.overview.numbers import Summary
    from dcor_shared.measurement.overview.sheets import Sheets

    Floats = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.intp]
    Json = dict[str, Any]

#: Events that are turned into rows at once.
_ROWS = 1024


def bundle(
    material: Material, drawn: Sheets, source_etag: str, step_version: int
) -> tuple[ContainerWriter, Json]:
    """The bundle as a container to be written, and its header.

    Parameters
    ----------
    material
        What it is made of.
    drawn
        Its sprite sheets.
    source_etag, step_version
        Written into the header.
    """
    writer = ContainerWriter()
    chosen, method = _chosen(material)
    features = _Features(writer, material, chosen)
    first = _first_blocks(writer, material, chosen, features)
    others = _other_blocks(writer, material, chosen, features)
    missing = next((note for note in material.notes if note["code"] == "no-images"), None)
    header = {
        "kind": "view",
        "step_version": step_version,
        "source_etag": source_etag,
        "sample": material.sample,
        "event_count": material.columns.count,
        "sampled": len(chosen),
        "sampling": method,
        "axes": material.axes and dict(zip("xy", material.axes, strict=True)),
        "features": [features.descriptions[name] for name in material.columns.names],
        "density": first["density"],
        "isoelastics": {
            "lines": first["lines"] + others.pop("lines"),
            "missing": material.no_lines,
        },
        **others,
        "sprites": sheets.write(writer, drawn) | {"missing": missing},
        "traces": _traces(material),
        "images": _images(material),
        "notes": material.notes,
    }
    return writer, header


def _chosen(material: Material) -> tuple[Indices, str]:
    """Events in the columns; those in the sprite sheets are always among them."""
    chosen, method = sampling.sample(material.axis(0), material.axis(1), material.columns.count)
    if len(chosen) < material.columns.count:
        shown = {sprite.index for sprite in material.shown}
        chosen = np.array(sorted(shown.union(chosen.tolist())), dtype=np.intp)
    return chosen, method


def _first_blocks(
    writer: ContainerWriter, material: Material, chosen: Indices, features: _Features
) -> Json:
    """Blocks that the first plot needs."""
    for name in material.axes or ():
        features.add(name)
    density = _density(writer, material, chosen)
    lines = [_lines(writer, found) for found in material.lines[:1]]
    writer.end_of_first()
    return {"density": density, "lines": lines}


def _other_blocks(
    writer: ContainerWriter, material: Material, chosen: Indices, features: _Features
) -> Json:
    index = writer.add_array(chosen, "<u4")
    lines = [_lines(writer, found) for found in material.lines[1:]]
    # features that cannot be read vanish from the list
    for name in list(material.columns.names):
        features.add(name)
    names = material.columns.names
    return {
        "index": index,
        "lines": lines,
        "statistics": _statistics(writer, material, features),
        "quantiles": writer.add_array(
            np.array([features.summaries[name].quantiles for name in names]), "<f8"
        ),
        "rows": writer.add_pieces(features.rows(names), 8 * len(chosen) * len(names), dtype="<f8"),
    }


class _Features:
    """Features as they are added to the container."""

    def __init__(self, writer: ContainerWriter, material: Material, chosen: Indices) -> None:
        self._writer = writer
        self._columns = material.columns
        self._chosen = chosen
        self._sampled: dict[str, Floats] = {}
        self.descriptions: dict[str, Json] = {}
        self.summaries: dict[str, Summary] = {}

    def add(self, name: str) -> None:
        """Add a feature unless it is there already or cannot be read."""
        if name in self.descriptions or (values := self._columns.get(name)) is None:
            return
        sampled = values[self._chosen]
        summary = numbers.summarise(values)
        label, unit = labels.label(name)
        block = self._writer.add_array(sampled, numbers.smallest_dtype(sampled))
        words = {"name": name, "label": label, "unit": unit, "group": labels.group(name)}
        # the block is changed when its offset is known, so it has to be this very dictionary
        block.update(words | _range(summary))
        self.descriptions[name] = block
        self.summaries[name] = summary
        self._sampled[name] = sampled

    def rows(self, names: list[str]) -> Iterator[memoryview]:
        """Values of the sampled events, event by event, in pieces: together they are large."""
        for start in range(0, len(self._chosen) if names else 0, _ROWS):
            columns = [self._sampled[name][start : start + _ROWS] for name in names]
            together = np.stack(columns, axis=1).astype("<f8", copy=False)
            yield together.reshape(-1).view(np.uint8).data


def _range(summary: Summary) -> Json:
    low, p01, p99, high = (finite_or_none(summary.quantiles[place]) for place in (0, 1, 99, 100))
    return {
        "min": low,
        "max": high,
        "p01": p01,
        "p99": p99,
        "finite": summary.finite,
        "positive": low is not None and low > 0,
        "constant": low is not None and low == high,
    }


def _density(writer: ContainerWriter, material: Material, chosen: Indices) -> Json | None:
    x, y = material.axis(0), material.axis(1)
    if x is None or y is None or material.axes is None:
        return None
    found = sampling.density(x, y, chosen)
    if found is None:
        material.note("no-density", "The density of the plot cannot be computed.")
        return None
    return writer.add_array(found, "<u2", x=material.axes[0], y=material.axes[1])


def _lines(writer: ContainerWriter, lines: Lines) -> Json:
    described = {
        "lut": lines.table,
        "x": lines.x,
        "y": lines.y,
        "emodulus": lines.emodulus,
        "counts": lines.counts,
    }
    block = writer.add_array(lines.points, "<f4", **described)
    moved = lines.pixelated
    block["pixelated"] = None if moved is None else writer.add_array(moved, "<f4")
    return block


def _statistics(writer: ContainerWriter, material: Material, features: _Features) -> Json:
    document = {
        "events": material.columns.count,
        "flow_rate": isolines.positive(material.metadata["setup"].get("flow rate")),
        "names": numbers.STATISTICS,
        "values": {name: features.summaries[name].statistics for name in material.columns.names},
    }
    return writer.add(json.dumps(document, allow_nan=False, separators=(",", ":")).encode())


def _traces(material: Material) -> Json | None:
    names = material.pictures.trace_names()
    if not names:
        return None
    samples = isolines.positive(material.metadata["fluorescence"].get("samples per event"))
    return {
        "names": names,
        "sample_rate": material.sample_rate,
        "samples": None if samples is None else int(samples),
    }


def _images(material: Material) -> Json:
    source = material.pictures
    kinds = {name: source.has(name) for name in ("image", "image_bg", "mask")}
    where = None
    if kinds["image"]:
        where = "basin" if source.is_upstream("image") else "file"
    shape = source.shape
    return kinds | {
        "contour": source.has_outlines(),
        "where": where,
        "shape": None if shape is None else list(shape),
        "pixel_size": material.pixel_size,
    }
