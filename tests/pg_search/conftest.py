"""An index with a few made-up datasets, inside the transaction of the test."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Index:
    """The index of a site that no other test knows."""

    site_id: str

    def add(self, name: str, **fields: Any) -> None:
        """Index a dataset as CKAN would."""
        from ckanext.pg_search.connection import PgConnection

        document = {
            "index_id": f"{self.site_id}-{name}", "site_id": self.site_id, "id": name, "name": name,
            "entity_type": "package", "state": "active", "capacity": "public",
            "permission_labels": ["public"], **fields,
        }  # fmt: skip
        PgConnection().add([document])

    def search(self, q: str = "*:*", **params: Any) -> Any:
        """Search this site's datasets."""
        from ckanext.pg_search.connection import PgConnection

        filters = [f'+site_id:"{self.site_id}"', *_listed(params.pop("fq", []))]
        options = {"q.op": "AND", "df": "text", "sort": "name asc"} | params
        return PgConnection(decode_dates=False).search(q, fq=filters, **options)

    def names(self, q: str = "*:*", **params: Any) -> list[str]:
        """Search and return the names of what was found."""
        return [document["name"] for document in self.search(q, fl="name", **params).docs]

    def typed(self, q: str, **params: Any) -> list[str]:
        """Search for what somebody typed into the search box."""
        options = {"defType": "dismax", "mm": "2<-1 5<80%", "sort": "score desc, name asc"}
        return self.names(q, **options | params)


@pytest.fixture
def index(tx: None) -> Index:
    return Index(f"site-{uuid.uuid4()}")


@pytest.fixture
def new_dataset(tx: None) -> Callable[..., dict[str, Any]]:
    """Makes datasets without resources: ``new_dataset(person, circle, **fields)``."""
    from ckan import model
    from ckan.lib import search
    from ckan.plugins import toolkit as tk

    def make(person: Any, circle: dict[str, Any], **fields: Any) -> dict[str, Any]:
        given = {
            "name": f"d{uuid.uuid4().hex[:12]}", "owner_org": circle["id"], "state": "draft",
            "license_id": "CC0-1.0", "authors": "A. Author", "title": "Dataset",
        }  # fmt: skip
        context = {"ignore_auth": True, "user": person.name}
        dataset = tk.get_action("package_create")(context, given | {"title": fields.pop("title")})
        row = model.Package.get(dataset["id"])
        for name, value in ({"state": "active", "private": False} | fields).items():
            setattr(row, name, value)
        model.Session.commit()
        search.rebuild(row.id)
        return dataset

    return make


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
