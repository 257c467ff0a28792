"""The demonstration from beginning to end."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dclab.rtdc_dataset.fmt_dcor.api import DCORAccessError
from dcoraid.api.errors import (
    APIError,
    NoS3UploadAvailableError,
    S3UploadError,
    ServerUnderMaintenanceError,
)

from dcor_control.demo import measurement, readback, report, upload
from dcor_control.errors import ControlError
from dcor_control.local import instance as local_instance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dcoraid.api import CKANAPI

    from dcor_control.demo.measurement import LocalMeasurement
    from dcor_control.demo.stages import Stages
    from dcor_control.demo.upload import Uploaded
    from dcor_control.local.instance import Instance
    from dcor_control.local.layout import Layout


_CLIENT_ERRORS = (
    APIError,
    DCORAccessError,
    NoS3UploadAvailableError,
    S3UploadError,
    ServerUnderMaintenanceError,
)


class SiteRefusesError(ControlError):
    """The site did not do what DCOR-Aid asked for; the message is the site's."""


class ReadBackError(ControlError):
    """What came back is not what was uploaded."""


def demonstrate(layout: Layout, file: Path | None, stages: Stages) -> None:
    """Start the instance, upload a measurement as a researcher, and read it back.

    Parameters
    ----------
    file
        The measurement; None stands for a synthetic one.

    Raises
    ------
    ControlError
        If anything is not as it should be; the message says what to do.
    """
    local = _choose(layout, file, stages)
    instance = start(layout, stages)
    api = upload.connect(instance.url, local_instance.tokens(layout)[local_instance.RESEARCHER])
    with _told():
        uploaded, seconds = _bring_in(api, local, stages)
        if seconds is not None:
            local_instance.remember_seconds(layout, uploaded.resource, seconds)
        _read_as_owner(instance, api, uploaded, local, stages)
        _read_as_stranger(instance, api, uploaded, local, stages)
    report.write_demo_file(instance, uploaded)
    report.print_summary(stages.console, instance, uploaded)
    _print_seconds(layout, uploaded, stages, is_first=seconds is not None)
    stages.console.print(f"Total: {stages.seconds:.1f} s")


def start(layout: Layout, stages: Stages) -> Instance:
    """Start the instance with all its programs and wait until they work."""
    instance = local_instance.describe(layout)
    with stages.stage("PostgreSQL, Redis and object store"):
        store = local_instance.start_services(instance)
    with stages.stage("CKAN: configuration, database, users") as stage:
        anew = local_instance.set_up_ckan(instance, store)
        stage.note = "" if anew else "nothing to do"
    with stages.stage("Web server and workers"):
        local_instance.start_web(instance, anew=anew)
    return instance


@contextmanager
def _told() -> Iterator[None]:
    """Turn the errors of the two clients into words (many of theirs are no ``Exception``)."""
    try:
        yield
    except _CLIENT_ERRORS as error:
        raise SiteRefusesError(f"{type(error).__name__}: {error}") from error
    except OSError as error:
        raise SiteRefusesError(f"The site or the object store failed: {error}") from error


def _choose(layout: Layout, file: Path | None, stages: Stages) -> LocalMeasurement:
    with stages.stage("Measurement: looked at in the sandbox") as stage:
        layout.make_folders()
        found = measurement.examine(file if file else measurement.synthetic(layout))
        stage.note = f"{found.path.name}, {found.events} events"
    return found


def _bring_in(
    api: CKANAPI, local: LocalMeasurement, stages: Stages
) -> tuple[Uploaded, float | None]:
    """Upload and activate unless that was done; also seconds from activation to last step."""
    with stages.stage("DCOR-Aid: circle") as stage:
        circle = upload.ensure_circle(api)
        stage.note = upload.CIRCLE
    if known := upload.find(api, circle, local):
        with stages.stage("DCOR-Aid: the same file was uploaded before") as stage:
            upload.retry_failed(api, known)
            upload.wait_for_steps(api, known, lambda steps: stage.update(_words(steps)))
        return known, None
    with stages.stage("DCOR-Aid: private dataset and upload"):
        upload.remove_drafts(api, circle)
        uploaded = upload.upload(api, circle, local)
    activated = time.monotonic()
    with stages.stage("DCOR-Aid: activation"):
        upload.activate(api, uploaded)
    _watch(api, uploaded, stages)
    return uploaded, time.monotonic() - activated


def _watch(api: CKANAPI, uploaded: Uploaded, stages: Stages) -> None:
    """Show the steps as they run."""
    reported: set[str] = set()

    with stages.stage("Workers: processing") as stage:

        def show(steps: list[dict[str, Any]]) -> None:
            stage.update(_words(steps))
            for step in steps:
                if step["finished"] and step["step"] not in reported:
                    reported.add(step["step"])
                    stages.say(f"{step['step']:<10} {step['state']:<8} {step['title']}")

        upload.wait_for_steps(api, uploaded, show)


def _print_seconds(layout: Layout, uploaded: Uploaded, stages: Stages, *, is_first: bool) -> None:
    """Print how long the processing took, when it took place."""
    seconds = local_instance.kept_seconds(layout, uploaded.resource)
    words = "not measured" if seconds is None else f"{seconds:.1f}"
    when = "" if is_first else " (first run)"
    stages.console.print(f"\nSeconds from activation to the last step: {words}{when}")


def _read_as_owner(
    instance: Instance, api: CKANAPI, uploaded: Uploaded, local: LocalMeasurement, stages: Stages
) -> None:
    private = upload.is_private(api, uploaded)
    with stages.stage("dclab: read as its owner"):
        checks = [readback.check_refused(instance.url, uploaded.resource)] if private else []
        checks += readback.read_back(instance.url, uploaded.resource, local.path, api.api_key)
    _report(f"As owner of the {'private' if private else 'public'} dataset", checks, stages)


def _read_as_stranger(
    instance: Instance, api: CKANAPI, uploaded: Uploaded, local: LocalMeasurement, stages: Stages
) -> None:
    with stages.stage("DCOR-Aid: dataset made public"):
        if upload.is_private(api, uploaded):
            upload.publish(api, uploaded)
        readback.wait_until_public(instance.url, uploaded.resource)
    with stages.stage("dclab: read by a stranger"):
        checks = readback.read_back(instance.url, uploaded.resource, local.path)
    _report("As a stranger, without a token", checks, stages)


def _report(title: str, checks: list[readback.Check], stages: Stages) -> None:
    stages.console.print(report.checks_table(title, checks))
    wrong = [check for check in checks if not check.good]
    if wrong:
        words = "; ".join(f"{check.what}: {check.detail}" for check in wrong)
        raise ReadBackError(f"{title}: what came back is not what was uploaded. {words}")


def _words(steps: list[dict[str, Any]]) -> str:
    return ", ".join(f"{step['step']} {step['state']}" for step in steps)
