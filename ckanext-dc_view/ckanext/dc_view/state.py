"""The state of the views of a measurement: what there is, where it is, what still happens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects.names import object_url
from dcor_shared.objects.presign import PRIVATE_LIFETIME, presign_get
from dcor_shared.pipeline import states
from dcor_shared.pipeline.steps import StepState

from ckanext.dc_view import records, subject
from ckanext.dc_view.steps import NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dcor_shared.pipeline.states import StepStatus

    from ckanext.dc_view.subject import Subject

VERSION = 1
#: Seconds after which the page asks again while something is going on.
_POLL_AFTER = 2


def state(about: Subject, *, signed: bool = False) -> dict[str, Any]:
    """The state as JSON; see docs/decisions/0010-overview-bundle.md.

    Parameters
    ----------
    about
        The resource.
    signed
        Give a presigned URL also for public data.
    """
    found = records.overview(about)
    steps = states.status(model.Session(), [about.id])[about.id]
    return {
        "version": VERSION,
        "resource": {
            "id": about.id,
            "package_id": about.package_id,
            "name": about.name,
            "etag": about.etag,
            "public": about.is_public,
        },
        "bundle": found and _bundle(about, found, signed=signed),
        "preview": _preview(about, found),
        "event_count": found and found.get("event_count"),
        "sampled": found and found.get("sampled"),
        "notes": (found or {}).get("notes", []),
        "pipeline": _pipeline(steps),
        "retry": _retry(about, steps),
        "regenerate": _regenerate(about, steps),
        "endpoints": endpoints(about),
    }


def url(about: Subject, name: str, **more: Any) -> str:
    """Address of one of the routes of this plugin for a resource."""
    return str(tk.url_for(f"dc_view.{name}", did=about.package_id, rid=about.id, **more))


def endpoints(about: Subject) -> dict[str, str]:
    """Addresses for the page."""
    names = {"state": "state", "batch": "event_batch"}
    names |= {name: name for name in ("metadata", "logs", "basins", "tables")}
    found = {key: url(about, route) for key, route in names.items()}
    found["event"] = url(about, "event_json", event=0).replace("/0.json", "/{index}")
    return found


def preview_url(about: Subject) -> str:
    """Address of the preview."""
    return url(about, "dcpreview")


def _bundle(about: Subject, found: dict[str, Any], *, signed: bool) -> dict[str, Any]:
    store, name = object_store(), about.object("view")
    expires = None
    if about.is_public and not signed:
        address = object_url(store.settings, name)
    else:
        made = presign_get(store, name, PRIVATE_LIFETIME)
        address = made.url
        expires = datetime.fromtimestamp(made.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "url": address,
        "expires_at": expires,
        "fallback_url": url(about, "bundle"),
        "size": found.get("size"),
        "first": found.get("first"),
        "etag": found.get("etag"),
        "source_etag": about.etag,
        "step_version": found.get("step_version"),
    }


def _preview(about: Subject, found: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"url": preview_url(about)} if found and found.get("preview_size") else None


def _pipeline(steps: Sequence[StepStatus]) -> dict[str, Any]:
    finished = all(step.is_final for step in steps)
    return {
        "finished": finished,
        "failed": any(step.state is StepState.FAILED for step in steps),
        "poll_after": None if finished else _POLL_AFTER,
        "steps": [
            {
                "step": step.step,
                "title": step.title,
                "state": str(step.state),
                "attempt": step.attempt,
                "error_code": step.error_code,
                "error_text": step.error_text,
            }
            for step in steps
        ],
    }


def _retry(about: Subject, steps: Sequence[StepStatus]) -> dict[str, str] | None:
    failed = any(step.state is StepState.FAILED for step in steps)
    return {"url": url(about, "retry")} if failed and subject.may_edit(about) else None


def _regenerate(about: Subject, steps: Sequence[StepStatus]) -> dict[str, str] | None:
    """Where an overview that is there can be made again."""
    made = any(step.step == NAME and step.state is StepState.DONE for step in steps)
    return {"url": url(about, "regenerate")} if made and subject.may_edit(about) else None
