"""The two basins of a resource: where clients find its bytes, and which features are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcor_shared.objects.names import object_name, object_url
from dcor_shared.objects.presign import PRIVATE_LIFETIME, presign_get

if TYPE_CHECKING:
    from dcor_shared.objects.names import Artifact
    from dcor_shared.objects.store import ObjectStore


@dataclass(frozen=True)
class Place:
    """Where the objects of a resource are and who may read them."""

    store: ObjectStore
    circle_id: str
    resource_id: str
    is_public: bool


def basins(
    place: Place, *, original: list[str], condensed: list[str] | None
) -> list[dict[str, Any]]:
    """Descriptions of the condensed file and of the original, in this order.

    Clients take a feature from the first basin that lists it.

    Parameters
    ----------
    place
        The resource.
    original, condensed
        Features of the two files; None while there is no condensed file: its basin is described
        all the same, without features.
    """
    return [_basin(place, "condensed", condensed), _basin(place, "resource", original)]


def _basin(place: Place, artifact: Artifact, features: list[str] | None) -> dict[str, Any]:
    basin: dict[str, Any] = {
        # clients refresh an expired URL by this name
        "name": f"{artifact}-{place.resource_id[:5]}",
        "format": "http",
        "type": "remote",
        "mapping": "same",
        "perishable": not place.is_public,
    }
    basin |= _plain(place, artifact) if place.is_public else _presigned(place, artifact)
    if features is not None:
        basin["features"] = sorted(features)
    return basin


def _plain(place: Place, artifact: Artifact) -> dict[str, Any]:
    name = object_name(place.store.settings, place.circle_id, place.resource_id, artifact)
    return {
        "key": f"dcor-{artifact}-{place.resource_id}",
        "urls": [object_url(place.store.settings, name)],
    }


def _presigned(place: Place, artifact: Artifact) -> dict[str, Any]:
    name = object_name(place.store.settings, place.circle_id, place.resource_id, artifact)
    signed = presign_get(place.store, name, PRIVATE_LIFETIME)
    return {
        "key": f"dcor-presigned-{artifact}-{place.resource_id}",
        "urls": [signed.url],
        "time_request": signed.requested,
        "time_expiration": signed.expires,
    }
