"""What tests of DCOR-Aid do again and again, and what they know."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from dcoraid import CKANAPI, APIInterrogator

if TYPE_CHECKING:
    from pathlib import Path

    from dcoraid.download import DownloadJob
    from dcoraid.upload import UploadJob

    from tests.harness.served import Served

EVENTS = 50
PATIENCE = 60
UPLOAD_SECONDS = 20
NOBODY = "00000000-0000-4000-8000-000000000000"
SUPPLEMENTS: dict[str, dict[str, Any]] = {
    "general": {"sample type": "cell line"},
    "cells": {"organism": "human", "live": True, "fixed": False, "passage number": 7},
    "chip": {"channel width": 21.0, "production date": "2020-12-31"},
}


@dataclass(frozen=True)
class Published:
    """An active private dataset with one resource."""

    dataset: dict[str, Any]
    path: Path

    @property
    def id(self) -> str:
        return self.dataset["id"]

    @property
    def resource(self) -> str:
        return self.dataset["resources"][0]["id"]


def connected(served: Served) -> CKANAPI:
    return CKANAPI(served.url, api_key=served.person.token)


def new_user(served: Served) -> dict[str, Any]:
    name = unique("user")
    return served.call(
        "user_create",
        served.admin,
        name=name,
        fullname="Peter Pan",
        email=f"{name}@example.org",
        password=uuid.uuid4().hex,
        with_apitoken=True,
    )


def unique(what: str) -> str:
    return f"{what}-{uuid.uuid4().hex[:10]}"


def described(circle: str, **changes: Any) -> dict[str, Any]:
    """A dataset as DCOR-Aid sends it; None leaves a key out."""
    complete = {
        "title": unique("DCOR-Aid data"),
        "authors": "Peter Fly Pan, Captain Hook",
        "license_id": "CC0-1.0",
        "owner_org": circle,
        "private": True,
    }
    return {key: value for key, value in (complete | changes).items() if value is not None}


def show(api: CKANAPI, dataset: str) -> dict[str, Any]:
    return api.get("package_show", id=dataset)


def found(api: CKANAPI, **query: Any) -> set[str]:
    """Ids of the datasets that a search finds; a new interrogator has an empty cache."""
    extract = APIInterrogator(api).search_dataset_via_api(limit=0, **query)
    return {dataset["id"] for dataset in extract}


def wait_for_sha256(api: CKANAPI, resource: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if digest := api.get("resource_show", id=resource).get("sha256"):
            return digest
        time.sleep(0.5)
    pytest.fail(f"resource {resource} has no sha256 after {PATIENCE} s")


def uploaded(job: UploadJob) -> UploadJob:
    """Run a job the way the queue does."""
    job.task_compress_resources()
    job.task_upload_resources()
    job.task_verify_resources()
    assert job.state == "done", job.traceback
    return job


def downloaded(job: DownloadJob) -> DownloadJob:
    job.task_download_resource()
    job.task_verify_resource()
    assert job.state == "done", job.traceback
    return job
