"""Names of buckets and objects, and the URLs made of them.

The layout ``<artifact>/<3>/<3>/<rest of the resource id>`` is relied on by clients.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from dcor_shared.objects.settings import StoreSettings

Artifact = Literal["resource", "condensed", "preview", "view"]
#: Artifacts that readers are given; all of them follow the visibility of their dataset.
ARTIFACTS: tuple[Artifact, ...] = get_args(Artifact)
#: Prefix of the keys that uploads land on; never public, never given to readers.
STAGING: Literal["upload"] = "upload"


@dataclass(frozen=True)
class ObjectName:
    """Bucket and key of one object."""

    bucket: str
    key: str


def bucket_name(settings: StoreSettings, circle_id: str) -> str:
    """Name of the bucket of a circle (UUID, not its URL name)."""
    return settings.bucket_name.format(organization_id=circle_id)


def object_key(prefix: Artifact | Literal["upload"], resource_id: str) -> str:
    """Key of one artifact, or of the staged upload, of a resource.

    Raises
    ------
    ValueError
        If `resource_id` is no UUID.
    """
    rid = str(uuid.UUID(resource_id))
    return f"{prefix}/{rid[:3]}/{rid[3:6]}/{rid[6:]}"


def object_name(
    settings: StoreSettings,
    circle_id: str,
    resource_id: str,
    prefix: Artifact | Literal["upload"] = "resource",
) -> ObjectName:
    """Bucket and key of one artifact, or of the staged upload, of a resource."""
    return ObjectName(bucket_name(settings, circle_id), object_key(prefix, resource_id))


def object_url(settings: StoreSettings, name: ObjectName) -> str:
    """Canonical URL of an object: endpoint, bucket and key, never anything else."""
    return f"{settings.endpoint_url.rstrip('/')}/{name.bucket}/{name.key}"
