"""Datasets and steps for the tests of the pipeline, made without the rules of any plugin."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from ckan import model

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.names import object_name
from dcor_shared.pipeline.steps import Queue, Step, StepResult

BYTES = b"forty-seven beads"
ETAG = hashlib.md5(BYTES, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Dataset:
    """A dataset with resources."""

    id: str
    circle_id: str
    resources: list[str]


def make_dataset(number=1, *, private=False, state="active", sizes=None, etag=ETAG, name="a.rtdc"):
    """A dataset in a circle of its own, committed."""
    circle = model.Group(name=f"circle-{uuid.uuid4()}", type="organization", is_organization=True)
    model.Session.add(circle)
    model.Session.flush()
    package = model.Package(
        name=f"dataset-{uuid.uuid4()}", owner_org=circle.id, private=private, state=state
    )
    model.Session.add(package)
    model.Session.flush()
    sizes = sizes or [len(BYTES)] * number
    resources = [
        model.Resource(
            package_id=package.id, name=name, url="x", size=size, extras={"etag": etag, "kept": "1"}
        )
        for size in sizes
    ]
    for position, resource in enumerate(resources):
        resource.position = position
    model.Session.add_all(resources)
    model.Session.commit()
    return Dataset(package.id, circle.id, [resource.id for resource in resources])


def put_original(store, dataset, data=BYTES):
    """Store the original of every resource of a dataset."""
    ensure_bucket(store, dataset.circle_id)
    for resource_id in dataset.resources:
        name = object_name(store.settings, dataset.circle_id, resource_id)
        store.client.put_object(Bucket=name.bucket, Key=name.key, Body=data)


def nothing(_context):
    """A step that finds out nothing."""
    return StepResult()


def step(name, run=nothing, **fields):
    """A step called `name`."""
    return Step(
        name=name, version=1, run=run, title=name.title(), **{"queue": Queue.LONG, **fields}
    )
