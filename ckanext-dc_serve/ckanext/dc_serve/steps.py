"""The processing steps of this plugin.

``condense`` makes a copy of the measurement with all scalar features, ``link`` sees to it that
measurements that were derived from this one refer to it, whichever was uploaded first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcor_shared.objects.names import object_name, object_url
from dcor_shared.objects.upload import artifact_etag
from dcor_shared.pipeline import states
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.enqueue import enqueue
from dcor_shared.pipeline.steps import ArtifactFile, Queue, Reads, Step, StepResult

from ckanext.dc_serve import config, intra_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from dcor_shared.measurement.condensing import CondenseRequest
    from dcor_shared.objects.store import ObjectStore
    from dcor_shared.pipeline.steps import ResourceFacts, StepContext

#: Name of the step; the key of its summary in the record is ``condensed``.
NAME = "condense"
LINK_NAME = "link"
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
    request = request_of(context.resource, context.store, context.site_url)
    summary = condensing.condense(context.file, out, request)
    if is_linked(context.resource):
        with session() as own:  # it may have been linked while it waited to be condensed again
            states.do_again(own, context.resource.id, LINK)
    return StepResult(
        record={"condensed": summary.to_json() | notes_of(request, out)},
        artifacts=(ArtifactFile("condensed", out, MEDIA_TYPE),),
    )


def request_of(facts: ResourceFacts, store: ObjectStore, site_url: str) -> CondenseRequest:
    """What is written into the condensed file of a resource besides its data."""
    from dcor_shared.measurement.condensing import CondenseRequest

    settings = store.settings
    return CondenseRequest(
        resource_id=facts.id,
        resource_name=facts.name,
        site_url=site_url,
        source_url=object_url(settings, object_name(settings, facts.circle_id, facts.id)),
        upstream=_upstream(facts, site_url),
    )


def notes_of(request: CondenseRequest, made: Path) -> dict[str, Any]:
    """What is noted of a condensed file besides its content.

    Returns
    -------
    notes
        ``etag`` of the file, from which features are read by place, and which measurements it
        refers to (`intra_dataset.notes_of`).
    """
    upstream = intra_dataset.notes_of(request.resource_id, request.upstream)
    return {"etag": artifact_etag(made), **upstream}


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


class UpstreamChangedError(Exception):
    """What the measurement was derived from was processed while it was condensed itself."""


def link(context: StepContext) -> StepResult:
    """Let measurements that were derived from this one be condensed again if that changes them.

    Raises
    ------
    UpstreamChangedError
        If this measurement itself is condensed again; the step is tried again after that.
    """
    if not is_linked(context.resource):  # it was switched off meanwhile
        return StepResult()
    outdated = intra_dataset.outdated(context.resource, context.site_url)
    if not outdated:
        return StepResult()
    with session() as own:
        for resource_id in outdated:
            states.do_again(own, resource_id, CONDENSE, LINK)
    enqueue(outdated)
    if context.resource.id in outdated:
        raise UpstreamChangedError("The measurement is condensed again first, with new basins.")
    return StepResult()


def is_linked(facts: ResourceFacts) -> bool:
    """Whether measurements of the dataset may refer to this one."""
    return applies(facts) and config.enable_intra_dataset_basins()


LINK = Step(
    name=LINK_NAME,
    version=1,
    run=link,
    title="Link the measurements that were derived from this one",
    # that of condensing: it is run in the same job
    queue=Queue.LONG,
    needs=(NAME,),
    timeout=60,
    applies=is_linked,
)
