"""People in every role, and datasets in every state, without an object store."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tests.harness.people import Person


def as_script(action: str, user: str = "", **data: Any) -> Any:
    """Call an action beyond all permissions, as scripts do."""
    return tk.get_action(action)({"ignore_auth": True, "user": user}, data)


class Cast:
    """Everybody who may have something to do with the datasets of one circle.

    ``cast["circle editor"]`` is a person in that role; they come to life when they are needed.
    """

    def __init__(self, new_person: Callable[..., Person]) -> None:
        self._new_person = new_person
        self._people: dict[str, Person | None] = {"anonymous": None}
        self._datasets: list[str] = []
        self.circle = self._group("organization")
        self.collection = self._group("group")

    def __getitem__(self, role: str) -> Person | None:
        if role not in self._people:
            self._people[role] = person = self._new_person(sysadmin=role == "sysadmin")
            self._give_role(role, person)
        return self._people[role]

    def share(self, dataset_id: str) -> None:
        """Make the collaborators of the cast collaborators of a dataset."""
        self._datasets.append(dataset_id)
        for role, person in self._people.items():
            if role.startswith("collaborator") and person:
                _collaborate(dataset_id, person, role)

    def _give_role(self, role: str, person: Person) -> None:
        kind, _blank, capacity = role.partition(" ")
        groups = {"circle": self.circle, "collection": self.collection}
        if kind in groups:
            _join(groups[kind]["id"], person.id, capacity)
        elif kind == "collaborator":
            for dataset_id in self._datasets:
                _collaborate(dataset_id, person, role)
        model.Session.commit()

    def _group(self, group_type: str) -> dict[str, Any]:
        name = f"{group_type[:5]}{uuid.uuid4().hex[:10]}"
        group = model.Group(
            name=name,
            title=f"The {group_type}",
            type=group_type,
            is_organization=group_type == "organization",
        )
        model.Session.add(group)
        model.Session.commit()
        return {"id": group.id, "name": name}


def _join(group_id: str, user_id: str, capacity: str) -> None:
    group = model.Group.get(group_id)
    member = model.Member(group=group, table_id=user_id, table_name="user", capacity=capacity)
    model.Session.add(member)


def _collaborate(dataset_id: str, person: Person, role: str) -> None:
    capacity = role.partition("(")[2].rstrip(")")
    model.Session.add(
        model.PackageMember(package_id=dataset_id, user_id=person.id, capacity=capacity)
    )


@pytest.fixture
def cast(new_person: Callable[..., Person]) -> Cast:
    """One person for each role."""
    return Cast(new_person)


@pytest.fixture
def new_dataset(cast: Cast) -> Callable[..., dict[str, Any]]:
    """Makes datasets: ``new_dataset(state, private=…, resources=…)``, shared with everybody."""

    def make(
        state: str = "draft",
        *,
        private: bool = True,
        resources: int = 1,
        creator: Person | None = None,
        **fields: Any,
    ) -> dict[str, Any]:
        given = {
            "title": f"Dataset {uuid.uuid4().hex[:8]}",
            "authors": "Peter Pan",
            "license_id": "CC-BY-4.0",
            "notes": "as it was",
            "tags": [{"name": "blood"}],
            "doi": "10.1000/1",
            "references": "doi:10.1000/2",
            "owner_org": cast.circle["id"],
            "private": private,
            "groups": [{"id": cast.collection["id"]}],
            "resources": [new_resource(f"file{i}.rtdc") for i in range(resources)],
        }
        creator = creator or cast["circle editor"]
        dataset = as_script("package_create", creator.name, **given | fields)
        cast.share(dataset["id"])
        model.Session.commit()
        if state != "draft":
            as_script("package_patch", id=dataset["id"], state="active")
        if state == "deleted":
            as_script("package_delete", id=dataset["id"])
        return as_script("package_show", id=dataset["id"])

    return make


def new_resource(name: str, **fields: Any) -> dict[str, Any]:
    """A resource as the server stores it."""
    rid = str(uuid.uuid4())
    known = {"etag": "0" * 32, "sha256": "1" * 64, "size": 5, "mimetype": "RT-DC"}
    known |= {"url": f"http://example.org/{rid}", "s3_available": True, "sp:chip:maker": "me"}
    return {"id": rid, "name": name, "description": "old"} | known | fields


@pytest.fixture
def status(app: Any) -> Callable[..., tuple[int, str]]:
    """Calls an action over HTTP: ``status("package_patch", person, id=…)`` → (status, message)."""

    def call(action: str, person: Person | None, **data: Any) -> tuple[int, str]:
        headers = person.headers if person else {}
        answer = app.post(f"/api/3/action/{action}", json=data, headers=headers)
        error = answer.json.get("error") if answer.is_json else answer.body
        return answer.status_code, str(error)

    return call


@dataclass
class Counted:
    """Number of SQL statements that were executed."""

    number: int = 0


@pytest.fixture
def count_statements(tx: None) -> Callable[[], AbstractContextManager[Counted]]:
    """Counts SQL statements: ``with count_statements() as counted: …``, then ``counted.number``."""

    @contextmanager
    def count() -> Iterator[Counted]:
        counted = Counted()

        def note(*_args: object) -> None:
            counted.number += 1

        sa.event.listen(model.meta.engine, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            sa.event.remove(model.meta.engine, "before_cursor_execute", note)

    return count
