"""The task ``overview``: bundle and preview of a measurement. Runs in a sandbox only."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any

import cv2

from dcor_shared.measurement.condensed.copying import BAD_DATA
from dcor_shared.measurement.errors import MeasurementError
from dcor_shared.measurement.opening import vetted
from dcor_shared.measurement.overview import sheets
from dcor_shared.measurement.overview.bundle import bundle
from dcor_shared.measurement.overview.columns import Columns
from dcor_shared.measurement.overview.material import Material
from dcor_shared.measurement.overview.pictures import Pictures
from dcor_shared.measurement.overview.preview.making import preview
from dcor_shared.measurement.overview.tiny import write_tiny
from dcor_shared.measurement.overview.upstream import mapping_of
from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5
from dcor_shared.measurement.vetting import VettingLimits

if TYPE_CHECKING:
    from pathlib import Path

    import h5py

    from dcor_shared.measurement.overview.container import ContainerWriter
    from dcor_shared.measurement.sandbox.child import Workspace

_UNDRAWABLE = (*BAD_DATA, ArithmeticError, cv2.error)


def prepare() -> None:
    """Make an overview of next to nothing in the process that all others are forked from.

    So what is read, loaded and compiled at the first time is there already when it counts.
    """
    data = io.BytesIO()
    write_tiny(data)
    with vetted(data) as h5file:
        ds = Vetted_HDF5(h5file)
        material = Material(ds.config, Columns(ds, h5file, []), Pictures(ds), [])
        material.gather()
        _made(material, {"source_etag": "", "step_version": 0})


def overview_task(workspace: Workspace, arguments: dict[str, Any]) -> dict[str, Any]:
    """Write bundle and preview, one after the other, into the writable file.

    Returns
    -------
    summary
        See :class:`dcor_shared.measurement.overview.making.OverviewSummary`.
    """
    notes: list[dict[str, str]] = []
    with ExitStack() as stack:
        ds = Vetted_HDF5(stack.enter_context(_opened(workspace.readable[0])))

        condensed = _condensed(stack, workspace.readable[1:], notes)
        pictures = _pictures(stack, workspace, ds, arguments, notes)
        material = Material(ds.config, Columns(ds, condensed, notes), pictures, notes)
        material.gather()
        writer, header, picture = _made(material, arguments)
    assert workspace.writable is not None  # noqa: S101 - the caller of the task named it
    with workspace.writable.open("wb") as target:
        size = writer.write(target, header)
        target.write(picture)
    return _summary(header, size, len(picture))


def _made(
    material: Material, arguments: dict[str, Any]
) -> tuple[ContainerWriter, dict[str, Any], bytes]:
    """The bundle with its header, and the preview."""
    material.collect()
    picture = _preview(material)
    drawn = sheets.draw(material.shown)
    writer, header = bundle(material, drawn, arguments["source_etag"], arguments["step_version"])
    return writer, header, picture


def _opened(file: Path) -> AbstractContextManager[h5py.File]:
    # every chunk is read once: to keep it costs memory and time
    return vetted(file, chunk_cache=0)


def _condensed(
    stack: ExitStack, files: tuple[Path, ...], notes: list[dict[str, str]]
) -> h5py.File | None:
    text = "There is no condensed file, so features that take long to compute are missing."
    if files:
        try:
            return stack.enter_context(_opened(files[0]))
        except MeasurementError:
            text = "The condensed file cannot be read."
    notes.append({"code": "no-condensed", "text": text})
    return None


def _pictures(
    stack: ExitStack,
    workspace: Workspace,
    ds: Vetted_HDF5,
    arguments: dict[str, Any],
    notes: list[dict[str, str]],
) -> Pictures:
    if workspace.source is None:
        return Pictures(ds)
    try:
        h5file = stack.enter_context(vetted(workspace.source, VettingLimits(whole=False)))
        upstream = Vetted_HDF5(h5file)
        return Pictures(ds, upstream, mapping_of(ds, upstream, arguments["mapping"]))
    except MeasurementError as error:
        text = f"The images are in another file that cannot be read: {error.text}"
        notes.append({"code": "no-upstream", "text": text})
        return Pictures(ds)


def _preview(material: Material) -> bytes:
    try:
        return preview(material)
    except _UNDRAWABLE as error:
        material.note("no-preview", f"The preview cannot be drawn ({type(error).__name__}).")
        return b""


def _summary(header: dict[str, Any], size: int, preview_size: int) -> dict[str, Any]:
    return {
        "event_count": header["event_count"],
        "sampled": header["sampled"],
        "features": len(header["features"]),
        "size": size,
        "first": header["first"],
        "preview_size": preview_size,
        "images": header["images"]["where"],
        "notes": header["notes"],
    }
