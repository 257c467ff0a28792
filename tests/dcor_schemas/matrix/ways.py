"""Everything that can be tried with a dataset, and who may do it according to the policy."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tests.dcor_schemas.matrix import group_ways
from tests.dcor_schemas.matrix.situations import UPLOADER, Situation, Way, never

from ckanext.dcor_schemas import policy
from ckanext.dcor_schemas.policy import Action, Right, Role, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.dcor_schemas.auth.conftest import Cast

    Data = dict[str, Any]
    Request = tuple[str, Data]


def _edited(way: str, dataset: Data, changes: Data) -> Request:
    if way == "package_revise":
        return way, {"match__id": dataset["id"], "update": changes}
    if way == "package_revise flat":
        flat = {f"update__{key}": value for key, value in changes.items()}
        return "package_revise", {"match__name": dataset["name"], **flat}
    if way == "package_update":
        return way, dataset | changes
    return "package_patch", {"id": dataset["name" if "name" in way else "id"]} | changes


_WAYS = (
    "package_patch",
    "package_patch by name",
    "package_revise",
    "package_revise flat",
    "package_update",
)


#: Fields of which the title stands for all in the fast form.
_FREE = {"notes", "authors", "doi", "references", "tags", "extras"}


def _field(key: str, value: Any, allowed: Callable[[Situation], bool]) -> Iterator[Way]:
    for way in _WAYS:
        yield Way(
            f"{key}={value!r} by {way}",
            lambda dataset, _cast, way=way: _edited(way, dataset, {key: value}),
            allowed,
            fast=way == "package_patch" and key not in _FREE,
        )


def _holds(name: str) -> Callable[[Situation], bool]:
    def allowed(situation: Situation) -> bool:
        needed = policy.needed_for_field(name, situation.state)
        return policy.holds(Right.EDIT, situation.roles) and policy.holds(needed, situation.roles)

    return allowed


def _edit_right(situation: Situation) -> bool:
    return policy.holds(Right.EDIT, situation.roles)


def _activates(situation: Situation) -> bool:
    """Sending the state that a dataset has is no change."""
    if situation.state is State.ACTIVE:
        return _edit_right(situation)
    return situation.may(Action.ACTIVATE)


def _deletes(situation: Situation) -> bool:
    return situation.state is State.DELETED and _edit_right(situation)


def _back_to_draft(situation: Situation) -> bool:
    return situation.state is State.DRAFT and _edit_right(situation)


def _becomes_private(situation: Situation) -> bool:
    return situation.private and _edit_right(situation)


def _publishes(situation: Situation) -> bool:
    return situation.may(Action.PUBLISH) if situation.private else _edit_right(situation)


def _fields() -> Iterator[Way]:
    for key, value in (
        ("title", "Other"),
        ("notes", "Other"),
        ("authors", "Other"),
        ("doi", "10.1000/99"),
        ("references", "doi:10.1000/99"),
        ("tags", [{"name": "other"}]),
        ("extras", [{"key": "a", "value": "b"}]),
    ):
        yield from _field(key, value, _holds(key))
    yield from _field("license_id", "CC0-1.0", _holds("license_id"))
    yield from _field("license_id", "CC-BY-SA-4.0", never)
    yield from _field("name", "other-name", never)
    relation = [{"object": "x", "subject": "x", "type": "depends_on"}]
    yield from _field("relationships_as_subject", relation, never)
    yield from _field("private", False, _publishes)
    yield from _field("private", True, _becomes_private)
    yield from _field("state", "active", _activates)
    yield from _field("state", "draft", _back_to_draft)
    yield from _field("state", "deleted", _deletes)


def _by_id(action: str, *, key: str = "id") -> Callable[[Data, Cast], Request]:
    return lambda dataset, _cast: (action, {"id": dataset[key]})


def _resource(action: str, **changes: Any) -> Callable[[Data, Cast], Request]:
    return lambda dataset, _cast: (action, {"id": dataset["resources"][0]["id"]} | changes)


def _revise(make: Callable[[str], Data]) -> Callable[[Data, Cast], Request]:
    def request(dataset: Data, _cast: Cast) -> Request:
        update = make(dataset["resources"][0]["id"])
        return "package_revise", {"match__id": dataset["id"]} | update

    return request


def _extended(resource: Data) -> Callable[[Data, Cast], Request]:
    return _revise(lambda _rid: {"update__resources__extend": [resource]})


def _created(resource: Data) -> Callable[[Data, Cast], Request]:
    return lambda dataset, _cast: ("resource_create", resource | {"package_id": dataset["id"]})


def _reordered(dataset: Data, _cast: Cast) -> Request:
    order = [resource["id"] for resource in dataset["resources"]]
    return "package_resource_reorder", {"id": dataset["id"], "order": order}


def _moved(dataset: Data, cast: Cast) -> Request:
    where = {"id": dataset["id"], "organization_id": cast.circle["id"]}
    return "package_owner_org_update", where


def _related(dataset: Data, _cast: Cast) -> Request:
    where = {"subject": dataset["id"], "object": dataset["name"], "type": "depends_on"}
    return "package_relationship_create", where


def _may(action: Action) -> Callable[[Situation], bool]:
    return lambda situation: situation.may(action)


def _reads(situation: Situation) -> bool:
    return situation.may_read


def _plain() -> Iterator[Way]:
    yield Way("show by id", _by_id("package_show"), _reads, fast=True)
    yield Way("show by name", _by_id("package_show", key="name"), _reads)
    yield Way("show a resource", _resource("resource_show"), _reads, fast=True)
    yield Way("delete", _by_id("package_delete"), _may(Action.DELETE), fast=True)
    yield Way("delete by name", _by_id("package_delete", key="name"), _may(Action.DELETE))
    yield Way("purge", _by_id("dataset_purge"), _may(Action.PURGE), fast=True)
    yield Way("purge by name", _by_id("dataset_purge", key="name"), _may(Action.PURGE))
    yield Way("package_relationship_create", _related, never, fast=True)
    yield Way("delete a resource", _resource("resource_delete"), never, fast=True)


def _reading_and_processing() -> Iterator[Way]:
    yield Way("dcor_resource_status", _by_id("dcor_resource_status"), _reads)
    yield Way("dcor_dataset_check", _by_id("dcor_dataset_check"), _edit_right, fast=True)
    yield Way("dcor_resource_retry", _by_id("dcor_resource_retry"), _edit_right, fast=True)
    yield Way("resource_view_list", _resource("resource_view_list"), _reads)
    yield Way("package_collaborator_list", _by_id("package_collaborator_list"), _may(Action.SHARE))


def _resources() -> Iterator[Way]:
    describe, change = _may(Action.DESCRIBE), _may(Action.RESOURCES)
    new = {"id": str(uuid.uuid4()), "name": "new.rtdc"}
    yield Way("describe", _resource("resource_patch", description="x"), describe, fast=True)
    yield Way("supplement", _resource("resource_patch", **{"sp:chip:maker": "x"}), describe)
    update = {"description": "x"}
    revised = _revise(lambda rid: {f"update__resources__{rid[:8]}": update})
    yield Way("describe by revise", revised, describe)
    yield Way("drop", _revise(lambda rid: {"filter": [f"-resources__{rid}"]}), change, fast=True)
    link = {"name": "a.txt", "url": "http://x.org"}
    yield Way("register what is not there", _extended(new), never, fast=True)
    yield Way("add a link", _extended(link), change)
    yield Way("resource_create", _created(link), change, fast=True)
    yield Way("resource_update", _resource("resource_update", description="x"), describe)
    yield Way("reorder as it is", _reordered, _edit_right)
    yield Way("package_owner_org_update", _moved, never)
    for key in ("name", "etag", "sha256", "url", "dc:setup:medium", "mimetype", "size"):
        yield Way(f"falsify {key}", _resource("resource_patch", **{key: "7"}), never)


def _by_uploader(situation: Situation) -> bool:
    return situation.name == UPLOADER


def _uploads() -> Iterator[Way]:
    """Uploads of the circle editor: nobody else registers, continues or cancels them."""

    def register(dataset: Data, cast: Cast) -> Request:
        return _extended({"id": cast.uploads[False], "name": "own.txt"})(dataset, cast)

    def create(dataset: Data, cast: Cast) -> Request:
        return _created({"id": cast.uploads[False], "name": "own.txt"})(dataset, cast)

    def registers(situation: Situation) -> bool:
        return _by_uploader(situation) and situation.may(Action.RESOURCES)

    yield Way("register the editor's upload", register, registers, fast=True)
    yield Way("resource_create of the editor's upload", create, registers)
    for action in ("dcor_upload_resume", "dcor_upload_cancel"):
        request = lambda _d, cast, a=action: (a, {"id": cast.uploads[True]})  # noqa: E731
        yield Way(action, request, _by_uploader, fast=True)


def _views() -> Iterator[Way]:
    def view(dataset: Data, _cast: Cast) -> Request:
        where = {"resource_id": dataset["resources"][0]["id"]}
        return "resource_view_create", where | {"title": "V", "view_type": "dc_view"}

    yield Way("resource_view_create", view, _edit_right)


def _fills(situation: Situation) -> bool:
    if situation.role not in {Role.COLLECTION_EDITOR, Role.COLLECTION_ADMIN}:
        return False
    public = situation.state is State.ACTIVE and not situation.private
    return public or _edit_right(situation)


def _empties(situation: Situation) -> bool:
    return situation.role in {Role.COLLECTION_EDITOR, Role.COLLECTION_ADMIN}


def _sharing() -> Iterator[Way]:
    def entry(dataset: Data, cast: Cast) -> Data:
        return {"id": cast.collection["id"], "object": dataset["id"], "object_type": "package"}

    def collaborator(dataset: Data, cast: Cast) -> Data:
        return {"id": dataset["id"], "user_id": cast["logged in"].id, "capacity": "editor"}

    yield Way("collect", lambda d, c: ("member_create", entry(d, c)), _fills, fast=True)
    yield Way("uncollect", lambda d, c: ("member_delete", entry(d, c)), _empties, fast=True)
    share = _may(Action.SHARE)
    for action in ("package_collaborator_create", "package_collaborator_delete"):
        yield Way(action, lambda d, c, a=action: (a, collaborator(d, c)), share, fast=True)
    for action in ("bulk_update_private", "bulk_update_delete"):
        yield Way(action, lambda d, c, a=action: (a, _bulk(d, c)), never)


def _bulk(dataset: Data, cast: Cast) -> Data:
    return {"org_id": cast.circle["id"], "datasets": [dataset["id"]]}


def all_ways() -> list[Way]:
    """All that is tried."""
    own = (*_plain(), *_reading_and_processing(), *_fields(), *_resources(), *_sharing())
    return [*own, *_uploads(), *_views(), *group_ways.all_ways()]
