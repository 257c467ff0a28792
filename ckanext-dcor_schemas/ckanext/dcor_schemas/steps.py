"""The processing steps of this plugin: settle, describe, hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.objects.errors import (
    ChecksumMismatchError,
    ObjectChangedError,
    SizeMismatchError,
    StagedObjectMissingError,
)
from dcor_shared.pipeline import outbox
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.steps import (
    PermanentFailureError,
    Queue,
    Reads,
    ResourceFacts,
    Step,
    StepContext,
    StepResult,
)

from ckanext.dcor_schemas.uploads import prepare

if TYPE_CHECKING:
    from dcor_shared.objects.store import StoredObject

_HOPELESS = (
    ChecksumMismatchError,
    ObjectChangedError,
    SizeMismatchError,
    StagedObjectMissingError,
)
_HOUR = 3600


def pipeline_steps() -> list[Step]:
    """All steps of this plugin."""
    return [SETTLE, DESCRIBE, HASH]


def settle(context: StepContext) -> StepResult:
    """Copy a large object from its staging key to its final key."""
    resource = context.resource
    try:
        stored = prepare.settle(
            context.store,
            resource.circle_id,
            resource.id,
            resource.size,
            resource.name,
            etag=resource.etag,
        )
    except _HOPELESS as error:
        raise PermanentFailureError(error.code, str(error)) from error
    _require_registered(resource, stored)
    with session() as own:  # the dataset may have become public before the object was there
        outbox.add(own, outbox.VISIBILITY, resource.circle_id, [resource.id])
    return StepResult()


def _require_registered(resource: ResourceFacts, stored: StoredObject) -> None:
    if stored.etag != resource.etag:
        raise PermanentFailureError(
            ObjectChangedError.code,
            "The uploaded file was replaced after its registration; remove this resource and"
            " upload the file again.",
        )


def describe(context: StepContext) -> StepResult:
    """Look into a measurement: its metadata for the resource, everything for the record."""
    from dcor_shared.measurement.description import describe as describe_measurement
    from dcor_shared.measurement.errors import MeasurementError

    if context.source is None:
        raise AssertionError("the runner gives random access to steps that read ranges")
    try:
        found = describe_measurement(context.source, name=context.resource.name)
    except MeasurementError as error:
        if error.permanent:
            raise PermanentFailureError(error.code, error.text) from error
        raise
    return StepResult(
        fields={"format": found.format, **found.dc_config},
        record={"original": found.to_json(), "identifier": found.identifier},
    )


def hash_file(context: StepContext) -> StepResult:
    """Publish the SHA-256 that was computed while the file was downloaded."""
    return StepResult(fields={"sha256": context.sha256})


def _is_large(resource: ResourceFacts) -> bool:
    return resource.size > prepare.SETTLE_IN_REQUEST


def _is_measurement(resource: ResourceFacts) -> bool:
    return resource.is_measurement


SETTLE = Step(
    name="settle",
    version=1,
    run=settle,
    title="Store the file",
    queue=Queue.NORMAL,
    timeout=4 * _HOUR,
    applies=_is_large,
)
DESCRIBE = Step(
    name="describe",
    version=1,
    run=describe,
    title="Read the metadata",
    queue=Queue.SHORT,
    needs=("settle",),
    reads=Reads.RANGES,
    timeout=300,
    applies=_is_measurement,
)
HASH = Step(
    name="hash",
    version=1,
    run=hash_file,
    title="Compute the checksum",
    queue=Queue.LONG,
    needs=("settle",),
    after=("describe",),  # so that it shares one copy of the file with condensing
    reads=Reads.FILE,
    timeout=4 * _HOUR,
)
