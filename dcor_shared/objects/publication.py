"""Publishing: an object is readable by everybody exactly while its tag ``public`` is ``true``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.objects.errors import ObjectMissingError, store_errors

if TYPE_CHECKING:
    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.store import ObjectStore

PUBLIC_TAG = "public"


def publish(store: ObjectStore, name: ObjectName) -> bool:
    """Let everybody read an object; its other tags are kept.

    Returns
    -------
    bool
        False if there is no such object.
    """
    return _set_public(store, name, "true")


def unpublish(store: ObjectStore, name: ObjectName) -> bool:
    """Take back what :func:`publish` did; effective at once.

    Returns
    -------
    bool
        False if there is no such object.
    """
    return _set_public(store, name, None)


def is_published(store: ObjectStore, name: ObjectName) -> bool:
    """Whether everybody may read an object; False if there is no such object."""
    try:
        return _tags(store, name).get(PUBLIC_TAG) == "true"
    except ObjectMissingError:
        return False


def _set_public(store: ObjectStore, name: ObjectName, value: str | None) -> bool:
    try:
        tags = _tags(store, name)
        if tags.get(PUBLIC_TAG) != value:
            tags.pop(PUBLIC_TAG, None)
            _write_tags(store, name, tags if value is None else {**tags, PUBLIC_TAG: value})
    except ObjectMissingError:
        return False
    return True


def _tags(store: ObjectStore, name: ObjectName) -> dict[str, str]:
    with store_errors(f"Reading the tags of {name.key}"):
        answer = store.client.get_object_tagging(Bucket=name.bucket, Key=name.key)
    # Ceph leaves the key out for objects without tags.
    return {tag["Key"]: tag["Value"] for tag in answer.get("TagSet", [])}


def _write_tags(store: ObjectStore, name: ObjectName, tags: dict[str, str]) -> None:
    with store_errors(f"Writing the tags of {name.key}"):
        if not tags:
            store.client.delete_object_tagging(Bucket=name.bucket, Key=name.key)
            return
        store.client.put_object_tagging(
            Bucket=name.bucket,
            Key=name.key,
            Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]},
        )
