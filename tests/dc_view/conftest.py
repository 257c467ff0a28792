"""Measurements as the views see them: rows of the database, objects of the store."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk

from tests.harness.rows import (
    ETAG,
    circle,
    join,
    member,
    note_record,
    note_step,
    put_object,
    store,
    stranger,
)

from ckanext.dc_view import turns, waiting

__all__ = ["circle", "member", "note_record", "note_step", "put_object", "store", "stranger"]


@pytest.fixture
def description() -> dict[str, Any]:
    """What the step ``describe`` would have noted of a small measurement."""
    return {
        "metadata": {
            "experiment": {"event count": 47, "run index": 1, "sample": "calibration_beads"},
            "setup": {"channel width": 20.0},
        },
        "features": ["deform", "area_um", "image"],
        "logs": {"hans": ["peter", "paul", "Mary"], "Anna": ["one"]},
        "tables": {"monitor": [["time", "pressure"], [[[1.0, 0.5]], [[2.0, None]]]]},
    }


SUMMARY = {
    "event_count": 47,
    "sampled": 47,
    "features": 30,
    "size": 40,
    "first": 16,
    "preview_size": 10,
    "images": "file",
    "notes": [],
    "step_version": 1,
    "upstream": None,
}


@dataclass(frozen=True)
class Measurement:
    """A resource with its dataset and circle."""

    id: str
    package_id: str
    circle_id: str

    def route(self, name: str) -> str:
        return f"/dataset/{self.package_id}/resource/{self.id}/{name}"

    @property
    def page(self) -> str:
        return f"/dataset/{self.package_id}/resource/{self.id}"


@pytest.fixture
def make_resource(circle):
    """Makes a resource in a dataset of its own; ``extras`` and the rest are columns."""

    def make(
        *,
        private: bool = False,
        state: str = "active",
        fields: dict[str, Any] | None = None,
        package_id: str | None = None,
        **columns: Any,
    ) -> Measurement:
        if package_id is None:
            package = model.Package(
                name=f"dataset-{uuid.uuid4()}", owner_org=circle, private=private, state=state
            )
            model.Session.add(package)
            model.Session.flush()
            package_id = package.id
        resource_id = str(uuid.uuid4())
        site = tk.config["ckan.site_url"]
        values = {
            "url": f"{site}/dataset/{package_id}/resource/{resource_id}/download/beads.rtdc",
            "name": "beads.rtdc",
            "mimetype": "RT-DC",
            "url_type": "s3_upload",
            "size": 1000,
            "extras": {"etag": ETAG, "s3_available": True} | (fields or {}),
        } | columns
        resource = model.Resource(package_id=package_id, **values)
        resource.id = resource_id
        model.Session.add(resource)
        model.Session.commit()
        return Measurement(resource_id, package_id, circle)

    return make


@pytest.fixture
def make_measurement(make_resource, note_record, description):
    """Makes a described resource with an overview, unless `summary` is None."""

    def make(
        *,
        original: dict[str, Any] | None = None,
        summary: dict[str, Any] | None = SUMMARY,
        condensed: dict[str, Any] | None = None,
        **columns: Any,
    ) -> Measurement:
        made = make_resource(**columns)
        extra = {} if summary is None else {"extra": {"overview": summary}}
        document = description | (original or {})
        note_record(made, original=document, condensed=condensed, **extra)
        return made

    return make


@pytest.fixture
def add_view(tx):
    """Gives a resource a view."""

    def add(made: Measurement, kind: str = "dc_view") -> str:
        view = model.ResourceView(
            resource_id=made.id, view_type=kind, title=kind, description="", order=0, config={}
        )
        model.Session.add(view)
        model.Session.commit()
        return view.id

    return add


@pytest.fixture
def editor(circle, new_person) -> dict[str, str]:
    """Headers of an editor of the circle."""
    return join(circle, new_person(), "editor")


@pytest.fixture
def no_store(monkeypatch) -> None:
    """A request to the object store would fail: pages must not need it."""
    monkeypatch.setitem(tk.config, "dcor_object_store.endpoint_url", "http://127.0.0.1:9")


@pytest.fixture
def somebody_else(tx):
    """Takes a turn in a transaction of its own."""
    with model.meta.engine.connect() as connection:

        def take(number, name=turns._NAME):
            statement = sa.text("SELECT pg_try_advisory_xact_lock(:name, :number)")
            return connection.execute(statement, {"name": name, "number": number}).scalar()

        take.ends = connection.rollback
        yield take
    # those who were refused do not come again
    connect_to_redis().delete(*waiting._keys())
