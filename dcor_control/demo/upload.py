"""What a researcher does with DCOR-Aid: circle, dataset, upload, activation, publication.

Everything goes through DCOR-Aid's own Python library, unmodified.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcoraid.api import (
    CKANAPI,
    APINotFoundError,
    dataset_activate,
    dataset_create,
    dataset_draft_remove,
    resource_add,
)

from dcor_control.errors import ControlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dcor_control.demo.measurement import LocalMeasurement

CIRCLE = "demo-circle"
#: By its description a dataset of the demonstration is told from those that people made.
_NOTES = "Uploaded by `make demo`."
_FINAL = {"done", "failed", "skipped"}
_STEP_SECONDS = 900.0


class ProcessingError(ControlError):
    """The measurement was uploaded, but the workers could not process it."""


@dataclass(frozen=True)
class Uploaded:
    """Where the measurement is on the site."""

    circle: str
    dataset: str
    dataset_name: str
    resource: str


def connect(url: str, token: str) -> CKANAPI:
    """DCOR-Aid's connection to the site."""
    return CKANAPI(url, api_key=token)


def ensure_circle(api: CKANAPI) -> str:
    """Id of the demonstration's circle, which is created if need be."""
    try:
        found = api.get("organization_show", id=CIRCLE, include_datasets=False)
    except APINotFoundError:
        found = api.post("organization_create", {"name": CIRCLE, "title": "Demonstration"})
    return str(found["id"])


def find(api: CKANAPI, circle: str, measurement: LocalMeasurement) -> Uploaded | None:
    """The same bytes, if they were uploaded before and are active."""
    found = api.get(
        "package_search",
        q="*:*",
        fq=f"(owner_org:{circle} AND state:active)",
        include_private=True,
        rows=1000,
    )
    for dataset in found["results"]:
        for resource in dataset["resources"]:
            if resource.get("etag") == measurement.etag:
                return Uploaded(circle, dataset["id"], dataset["name"], resource["id"])
    return None


def remove_drafts(api: CKANAPI, circle: str) -> int:
    """Remove what an interrupted demonstration has left; the number of datasets.

    People try the account out: their own drafts stay.
    """
    found = api.get(
        "package_search",
        q="*:*",
        include_drafts=True,
        include_private=True,
        fq=f"(creator_user_id:{api.user_id} AND state:draft AND owner_org:{circle})",
        rows=1000,
    )
    left = [dataset["id"] for dataset in found["results"] if dataset.get("notes") == _NOTES]
    for dataset_id in left:
        dataset_draft_remove(dataset_id, api)
    return len(left)


def upload(api: CKANAPI, circle: str, measurement: LocalMeasurement) -> Uploaded:
    """Create a private dataset and upload the measurement into it."""
    draft = dataset_create(
        {
            "title": f"Demonstration {measurement.path.stem}",
            "authors": "Dee Mo",
            "license_id": "CC0-1.0",
            "owner_org": circle,
            "private": True,
            "notes": _NOTES,
        },
        api,
    )
    resource_add(draft["id"], measurement.path, api, resource_name=measurement.name)
    dataset = api.get("package_show", id=draft["id"])
    (resource,) = dataset["resources"]
    return Uploaded(circle, dataset["id"], dataset["name"], resource["id"])


def activate(api: CKANAPI, uploaded: Uploaded) -> None:
    """Activate the dataset: from now on it can be cited."""
    dataset_activate(uploaded.dataset, api)


def publish(api: CKANAPI, uploaded: Uploaded) -> None:
    """Make the dataset public."""
    change = {"match": {"id": uploaded.dataset}, "update": {"private": False}}
    api.post("package_revise", change, timeout=120)


def is_private(api: CKANAPI, uploaded: Uploaded) -> bool:
    """Whether only members of the circle may read the dataset."""
    return bool(api.get("package_show", id=uploaded.dataset)["private"])


def wait_for_steps(
    api: CKANAPI, uploaded: Uploaded, show: Callable[[list[dict[str, Any]]], None]
) -> list[dict[str, Any]]:
    """Wait until every step of the resource has come to an end.

    Parameters
    ----------
    show
        Is given the states of all steps, again and again.

    Raises
    ------
    ProcessingError
        If a step failed or nothing ends in a quarter of an hour.
    """
    deadline = time.monotonic() + _STEP_SECONDS
    while True:
        steps = steps_of(api, uploaded)
        show(steps)
        _raise_failed(steps)
        if steps and all(step["state"] in _FINAL for step in steps):
            return steps
        if time.monotonic() > deadline:
            raise ProcessingError(f"The steps did not end: {_words(steps)}. Are workers running?")
        time.sleep(0.25)


def retry_failed(api: CKANAPI, uploaded: Uploaded) -> bool:
    """Ask for another attempt of steps that failed in an earlier run; False if there are none."""
    failed = any(step["state"] == "failed" for step in steps_of(api, uploaded))
    if failed:
        api.post("dcor_resource_retry", {"id": uploaded.resource})
    return failed


def steps_of(api: CKANAPI, uploaded: Uploaded) -> list[dict[str, Any]]:
    """States of the pipeline's steps."""
    states: dict[str, list[dict[str, Any]]] = api.get("dcor_resource_status", id=uploaded.resource)
    return states[uploaded.resource]


def _raise_failed(steps: list[dict[str, Any]]) -> None:
    failed = [step for step in steps if step["state"] == "failed"]
    if failed:
        reasons = "; ".join(f"{s['step']}: {s['error_text']}" for s in failed)
        raise ProcessingError(f"The measurement could not be processed. {reasons}")


def _words(steps: list[dict[str, Any]]) -> str:
    return ", ".join(f"{step['step']} {step['state']}" for step in steps) or "there are none"
