"""What can be tried with the circle and the collection of a dataset, and with the site."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tests.dcor_schemas.matrix.situations import Situation, Way, never

from ckanext.dcor_schemas import policy
from ckanext.dcor_schemas.policy import Right, Role, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.dcor_schemas.auth.conftest import Cast

    Data = dict[str, Any]
    Request = tuple[str, Data]

_CIRCLE_EDITORS = {Role.CIRCLE_EDITOR, Role.CIRCLE_ADMIN}
_IN_CIRCLE = _CIRCLE_EDITORS | {Role.CIRCLE_MEMBER}
_COLLECTION_EDITORS = {Role.COLLECTION_EDITOR, Role.COLLECTION_ADMIN}
_IN_COLLECTION = _COLLECTION_EDITORS | {Role.COLLECTION_MEMBER}


def _is(*roles: Role) -> Callable[[Situation], bool]:
    return lambda situation: situation.role in roles


def everybody(_situation: Situation) -> bool:
    """Nobody is turned away."""
    return True


def users(situation: Situation) -> bool:
    """Everybody who has signed in."""
    return situation.role is not Role.ANONYMOUS


def _shares(situation: Situation) -> bool:
    """Whether the dataset may be put into a group of one's own."""
    public = situation.state is State.ACTIVE and not situation.private
    return users(situation) and (public or policy.holds(Right.EDIT, situation.roles))


def _of(group: str, action: str, **data: Any) -> Callable[[Data, Cast], Request]:
    return lambda _dataset, cast: (action, {"id": getattr(cast, group)["id"]} | data)


def _plain(action: str, **data: Any) -> Callable[[Data, Cast], Request]:
    return lambda _dataset, _cast: (action, dict(data))


def _user(group: str, action: str, key: str = "username") -> Callable[[Data, Cast], Request]:
    def request(_dataset: Data, cast: Cast) -> Request:
        data = {"id": getattr(cast, group)["id"], key: cast["logged in"].name, "role": "editor"}
        if key == "object":
            data |= {"object_type": "user", "capacity": "editor"}
            data.pop("role")
        return action, data

    return request


def _new_group(action: str) -> Callable[[Data, Cast], Request]:
    def request(dataset: Data, _cast: Cast) -> Request:
        name = f"mine-{uuid.uuid4().hex[:8]}"
        return action, {"name": name, "packages": [{"id": dataset["id"]}]}

    return request


def _groups(group: str, kind: str, members: set[Role], admin: Role) -> Iterator[Way]:
    """What holds for circles and collections alike; `kind` is CKAN's word for them."""
    is_admin = _is(admin)
    yield Way(f"{kind}_show", _of(group, f"{kind}_show"), everybody)
    yield Way(f"{kind}_list", _plain(f"{kind}_list"), everybody)
    with_users = _of(group, f"{kind}_show", include_users=True)
    yield Way(f"{kind}_show with users", with_users, users, fast=True)
    yield Way(f"members of the {group}", _of(group, "member_list"), _is(*members))
    yield Way(f"{kind}_patch", _of(group, f"{kind}_patch", title="Other"), is_admin, fast=True)
    full = _of(group, f"{kind}_update", title="Other")
    yield Way(f"{kind}_update", full, is_admin)
    yield Way(f"{kind}_create", _plain(f"{kind}_create", name=f"x{uuid.uuid4().hex[:8]}"), users)
    yield Way(f"{kind}_create with it", _new_group(f"{kind}_create"), _shares, fast=True)
    yield Way(f"{kind}_purge", _of(group, f"{kind}_purge"), never)
    for what in ("create", "delete"):
        action = f"{kind}_member_{what}"
        yield Way(action, _user(group, action), is_admin)
        by_member = _user(group, f"member_{what}", "object")
        yield Way(f"member_{what} in the {group}", by_member, is_admin)


def _circle() -> Iterator[Way]:
    def new_dataset(_dataset: Data, cast: Cast) -> Request:
        given = {"title": "New", "authors": "Me", "license_id": "CC0-1.0", "state": "draft"}
        return "package_create", given | {"owner_org": cast.circle["id"]}

    def with_id(dataset: Data, cast: Cast) -> Request:
        action, data = new_dataset(dataset, cast)
        return action, data | {"id": str(uuid.uuid4())}

    def upload(_dataset: Data, cast: Cast) -> Request:
        return "resource_upload_s3_urls", {"organization_id": cast.circle["id"], "file_size": -1}

    def publish(dataset: Data, cast: Cast) -> Request:
        return "bulk_update_public", {"org_id": cast.circle["id"], "datasets": [dataset["id"]]}

    yield from _groups("circle", "organization", _IN_CIRCLE, Role.CIRCLE_ADMIN)
    yield Way("create in the circle", new_dataset, _is(*_CIRCLE_EDITORS), fast=True)
    yield Way("choose the id of a new dataset", with_id, never)
    yield Way("upload into the circle", upload, _is(*_CIRCLE_EDITORS), fast=True)
    yield Way("bulk_update_public", publish, _is(Role.CIRCLE_ADMIN), fast=True)
    yield Way("delete the circle", _of("circle", "organization_delete"), never)


def _collection() -> Iterator[Way]:
    def refill(dataset: Data, cast: Cast) -> Request:
        return "group_patch", {"id": cast.collection["id"], "packages": [{"id": dataset["id"]}]}

    is_admin = _is(Role.COLLECTION_ADMIN)
    yield from _groups("collection", "group", _IN_COLLECTION, Role.COLLECTION_ADMIN)
    yield Way("refill the collection", refill, lambda s: is_admin(s) and _still_in(s), fast=True)
    yield Way("delete the collection", _of("collection", "group_delete"), is_admin)


def _still_in(situation: Situation) -> bool:
    """A deleted dataset is in no collection any more: putting it back is sharing it."""
    return situation.state is not State.DELETED or _shares(situation)


def _site() -> Iterator[Way]:
    def profile(_dataset: Data, cast: Cast) -> Request:
        return "user_show", {"id": cast["logged in"].name}

    yield Way("user_list", _plain("user_list"), never)
    yield Way("user_autocomplete", _plain("user_autocomplete", q="a"), users)
    yield Way("user_show", profile, _is_logged_in, fast=True)
    yield Way("user_create", _plain("user_create", name="new"), never)
    for action in ("tag_list", "member_roles_list", "group_list_authz", "license_list"):
        yield Way(action, _plain(action), everybody)
    yield Way("organization_list_for_user", _plain("organization_list_for_user"), everybody)
    yield Way("tag_show", _plain("tag_show", id="blood"), everybody)
    yield Way("vocabulary_show", _plain("vocabulary_show", id="none"), everybody)
    yield Way("supported_resource_suffixes", _plain("supported_resource_suffixes"), everybody)
    yield Way("resource_schema_supplements", _plain("resource_schema_supplements"), everybody)


def _is_logged_in(situation: Situation) -> bool:
    """Exactly one person of the cast is looked at, and may do that."""
    return situation.name == Role.STRANGER.value


def all_ways() -> list[Way]:
    """All that is tried with groups and the site."""
    return [*_circle(), *_collection(), *_site()]
