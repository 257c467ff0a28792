"""The objects of a resource, as the pipeline uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.objects import transfer
from dcor_shared.objects.names import ARTIFACTS, object_name
from dcor_shared.objects.publication import publish, unpublish
from dcor_shared.objects.sources import RangeSource
from dcor_shared.pipeline import visibility

if TYPE_CHECKING:
    from pathlib import Path

    from dcor_shared.objects.names import Artifact
    from dcor_shared.objects.store import ObjectStore
    from dcor_shared.pipeline.steps import ArtifactFile, ResourceFacts, Step


def download(store: ObjectStore, facts: ResourceFacts, folder: Path) -> tuple[Path, str]:
    """Copy the original to a scratch folder; the file and its SHA-256 in hex."""
    path = folder / ("original.rtdc" if facts.is_measurement else "original")
    name = object_name(store.settings, facts.circle_id, facts.id)
    found = transfer.download(store, name, path, expected_etag=facts.etag)
    path.chmod(0o444)
    return path, found.sha256


def range_source(store: ObjectStore, facts: ResourceFacts) -> RangeSource:
    """Random access to the original."""
    name = object_name(store.settings, facts.circle_id, facts.id)
    return RangeSource(store, name, facts.size, facts.etag)


def put(store: ObjectStore, facts: ResourceFacts, step: Step, made: ArtifactFile) -> None:
    """Store what a step made, and let everybody read it at once if the dataset is public."""
    name = object_name(store.settings, facts.circle_id, facts.id, made.artifact)
    metadata = {"step": step.name, "step-version": str(step.version), "source-etag": facts.etag}
    transfer.put_artifact(store, name, made.path, made.content_type, metadata)

    def change(wanted: dict[str, bool]) -> set[str]:
        set_public(store, facts.circle_id, facts.id, (made.artifact,), public=wanted[facts.id])
        return {facts.id}

    visibility.settle([facts.id], change)


def set_public(
    store: ObjectStore,
    circle_id: str,
    resource_id: str,
    artifacts: tuple[Artifact, ...] = ARTIFACTS,
    *,
    public: bool,
) -> None:
    """Let everybody, or nobody, read artifacts of a resource; missing ones do not matter."""
    for artifact in artifacts:
        name = object_name(store.settings, circle_id, resource_id, artifact)
        if public:
            publish(store, name)
        else:
            unpublish(store, name)


def remove_all(store: ObjectStore, circle_id: str, resource_id: str) -> None:
    """Delete all objects of a resource."""
    transfer.delete_artifacts(store, circle_id, resource_id)
