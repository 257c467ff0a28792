"""The processing step ``overview``: the bundle for the viewer, and the preview."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import delete, head
from dcor_shared.objects.transfer import download
from dcor_shared.objects.upload import artifact_etag
from dcor_shared.pipeline.steps import ArtifactFile, Queue, Reads, Step, StepResult

from ckanext.dc_view import upstream

if TYPE_CHECKING:
    from pathlib import Path

    from dcor_shared.pipeline.steps import StepContext

#: Name of the step; also the key of its summary in the record (below ``extra``).
NAME = "overview"
VERSION = 1
VIEW_TYPE, PREVIEW_TYPE = "application/octet-stream", "image/jpeg"


def overview(context: StepContext) -> StepResult:
    """Make bundle and preview of the measurement of which the runner made a scratch copy.

    Raises
    ------
    MeasurementError
        If the measurement cannot be read at all; what is merely missing is noted.
    """
    # measurements are looked at in workers only: the web process never imports this
    from dcor_shared.measurement.overview.making import make_overview

    if context.file is None:
        raise ValueError("The step overview reads files, but it was given none.")
    pictures = upstream.find(context)
    made = make_overview(
        context.file,
        context.scratch,
        source_etag=context.resource.etag,
        step_version=VERSION,
        condensed=_condensed(context),
        upstream=pictures and pictures.open(context.store),
    )
    artifacts = [ArtifactFile("view", made.view, VIEW_TYPE)]
    if made.preview is None:
        _forget_preview(context)
    else:
        artifacts.append(ArtifactFile("preview", made.preview, PREVIEW_TYPE))
    summary = asdict(made.summary) | {
        "step_version": VERSION,
        "etag": artifact_etag(made.view),
        "upstream": pictures and pictures.to_json(),
    }
    return StepResult(record={"extra": {NAME: summary}}, artifacts=tuple(artifacts))


def _forget_preview(context: StepContext) -> None:
    """Delete the picture of an earlier attempt: it would be shown as that of this one."""
    store, facts = context.store, context.resource
    delete(store, object_name(store.settings, facts.circle_id, facts.id, "preview"))


def _condensed(context: StepContext) -> Path | None:
    """Copy of the condensed file, if there is one of this very measurement."""
    if (made := context.made.get("condensed")) is not None:
        return made
    store, facts = context.store, context.resource
    name = object_name(store.settings, facts.circle_id, facts.id, "condensed")
    found = head(store, name)
    if found is None or found.metadata.get("source-etag") != facts.etag:
        return None
    path = context.scratch / "condensed.rtdc"
    download(store, name, path, expected_etag=found.etag)
    return path


OVERVIEW = Step(
    name=NAME,
    version=VERSION,
    run=overview,
    title="Make the overview (plot, images and preview of the resource page)",
    queue=Queue.LONG,
    needs=("describe",),
    # features that take long to compute come from there; without it the overview has the others
    after=("condense",),
    reads=Reads.FILE,
    timeout=1800,
    applies=lambda facts: facts.is_measurement,
)
