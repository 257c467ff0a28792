"""What may be said about a resource: when it is registered, and later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.dcor_schemas import messages
from ckanext.dcor_schemas.policy import DESCRIPTIVE_KEYS, LEGACY_KEYS, REGISTRATION_KEYS
from ckanext.dcor_schemas.rules import NotAllowedError
from ckanext.dcor_schemas.rules.differences import changed_resource_keys, is_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Computed from the bytes; claiming them would fake integrity.
_HASHES = ("sha256", "etag")


@dataclass(frozen=True)
class ResourceFacts:
    """What the database knows about the resources of a request.

    Attributes
    ----------
    supplement_keys
        Composite keys ``sp:*`` of the schema.
    taken
        Ids of the request that a resource somewhere already has.
    uploaded
        Ids of the request whose file lies in the circle of the dataset.
    foreign
        Ids of the request that somebody else was allowed to upload.
    """

    supplement_keys: frozenset[str]
    taken: frozenset[str] = frozenset()
    uploaded: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()

    @property
    def editable(self) -> frozenset[str]:
        """Keys that people may change."""
        return DESCRIPTIVE_KEYS | self.supplement_keys


def check_resources(
    stored: Iterable[Mapping[str, Any]],
    submitted: Iterable[Mapping[str, Any]],
    facts: ResourceFacts,
) -> None:
    """Check every submitted resource of a dataset.

    Raises
    ------
    NotAllowedError
        For the first resource that breaks a rule.
    """
    known = {str(resource["id"]): resource for resource in stored}
    seen: set[str] = set()
    for resource in submitted:
        resource_id = str(resource.get("id") or "")
        if resource_id and resource_id in seen:
            raise NotAllowedError(messages.resource_id_exists(resource_id))
        seen.add(resource_id)
        if resource_id in known:
            check_changed(known[resource_id], resource, facts)
        else:
            check_new(resource, facts)


def check_new(resource: Mapping[str, Any], facts: ResourceFacts) -> None:
    """Check a resource that the dataset does not have yet.

    Raises
    ------
    NotAllowedError
        If it claims hashes, its id is taken, its file is missing or somebody else's, or it says
        too much.
    """
    present = [key for key, value in resource.items() if not is_empty(value)]
    for key in _HASHES:
        if key in present:
            raise NotAllowedError(messages.may_not_specify(key))
    resource_id = resource.get("id")
    if resource_id:
        _check_upload(str(resource_id), facts)
    allowed = facts.editable | (REGISTRATION_KEYS if resource_id else LEGACY_KEYS)
    _check_keys(present, allowed, place_keys={"position"})
    if resource_id and "s3_available" in resource and not resource["s3_available"]:
        raise NotAllowedError(messages.not_on_s3(str(resource_id)))


def _check_upload(resource_id: str, facts: ResourceFacts) -> None:
    if resource_id in facts.taken:
        raise NotAllowedError(messages.resource_id_exists(resource_id))
    if resource_id in facts.foreign:
        raise NotAllowedError(messages.uploaded_by_others(resource_id))
    if resource_id not in facts.uploaded:
        raise NotAllowedError(messages.not_on_s3(resource_id))


def _check_keys(present: list[str], allowed: frozenset[str], place_keys: set[str]) -> None:
    offending = [key for key in present if key not in allowed and key not in place_keys]
    if offending:
        raise NotAllowedError(messages.keys_not_allowed(offending, sorted(allowed)))


def check_changed(
    stored: Mapping[str, Any], submitted: Mapping[str, Any], facts: ResourceFacts
) -> None:
    """Check a resource that the dataset has already.

    Raises
    ------
    NotAllowedError
        If something else than its description or supplements is changed.
    """
    changed = [
        key
        for key in changed_resource_keys(stored, submitted)
        if key not in facts.editable and not _is_omitted(key, submitted[key])
    ]
    for key in _HASHES:
        if key in changed:
            raise NotAllowedError(messages.may_not_edit(key))
    if changed:
        offending = {key: submitted[key] for key in changed}
        raise NotAllowedError(messages.editing_not_allowed(offending))


def _is_omitted(key: str, value: object) -> bool:
    """Empty values of fields that the server owns count as left out; a name does not."""
    return key != "name" and is_empty(value)
