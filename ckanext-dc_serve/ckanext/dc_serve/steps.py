"""The processing step ``condense``: a copy of the measurement with all scalar features."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.objects.names import object_name, object_url
from dcor_shared.objects.upload import artifact_etag
from dcor_shared.pipeline.steps import ArtifactFile, Queue, Reads, Step, StepResult

from ckanext.dc_serve import config, intra_dataset

if TYPE_CHECKING:
    from dcor_shared.pipeline.steps import ResourceFacts, StepContext

#: Name of the step; the key of its summary in the record is ``condensed``.
NAME = "condense"
MEDIA_TYPE = "application/x-hdf5"


def condense(context: StepContext) -> StepResult:
    """Condense the measurement of which the runner made a scratch copy.

    Raises
    ------
    MeasurementError
        If the file cannot be condensed.
    """
    # measurements are looked at in workers only: the web process never imports this
    from dcor_shared.measurement import condensing

    if context.file is None:
        raise ValueError("The step condense reads files, but it was given none.")
    out = context.scratch / "condensed.rtdc"
    settings = context.store.settings
    facts = context.resource
    request = condensing.CondenseRequest(
        resource_id=facts.id,
        resource_name=facts.name,
        site_url=context.site_url,
        source_url=object_url(settings, object_name(settings, facts.circle_id, facts.id)),
        upstream=_upstream(facts, context.site_url),
    )
    summary = condensing.condense(context.file, out, request)
    return StepResult(
        # features are read by place from exactly this file
        record={"condensed": summary.to_json() | {"etag": artifact_etag(out)}},
        artifacts=(ArtifactFile("condensed", out, MEDIA_TYPE),),
    )


def _upstream(facts: ResourceFacts, site_url: str) -> tuple[dict[str, object], ...]:
    if not config.enable_intra_dataset_basins():
        return ()
    return intra_dataset.upstream_basins(facts, site_url)


def applies(facts: ResourceFacts) -> bool:
    """Whether a condensed file is wanted of this resource."""
    return facts.is_measurement and config.create_condensed_datasets()


CONDENSE = Step(
    name=NAME,
    version=2,
    run=condense,
    title="Condense the measurement (all scalar features in one small file)",
    queue=Queue.LONG,
    needs=("describe",),
    reads=Reads.FILE,
    timeout=3600,
    applies=applies,
)
