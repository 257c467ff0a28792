"""One attempt at one step: prepare, run, keep the result or the reason of the failure."""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

from dcor_shared.config import object_store, site_url
from dcor_shared.pipeline import artifacts, claims, outbox, planning, records
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.deadline import time_limit
from dcor_shared.pipeline.facts import exists, resource_facts
from dcor_shared.pipeline.reasons import reason, without_secrets
from dcor_shared.pipeline.registry import all_steps
from dcor_shared.pipeline.steps import Reads, StepContext

if TYPE_CHECKING:
    from pathlib import Path

    from dcor_shared.objects.names import Artifact
    from dcor_shared.pipeline.claims import Claim
    from dcor_shared.pipeline.steps import ResourceFacts, Step, StepResult

log = logging.getLogger(__name__)


class LostClaimError(Exception):
    """Somebody else has the step now, or the object is another one: the result is dropped."""


class Attempts:
    """Attempts at steps of one resource, with one scratch copy of its object for all of them.

    Parameters
    ----------
    resource_id
        The resource.
    folder
        Scratch folder of this run.
    """

    def __init__(self, resource_id: str, folder: Path) -> None:
        self._resource_id = resource_id
        self._folder = folder
        self._copy: tuple[str, Path, str] | None = None
        self._made: dict[tuple[str, Artifact], Path] = {}

    def run(self, claimed: Claim) -> bool:
        """Make one attempt; False when the claim was lost before it began."""
        with session() as own:
            begun = claims.begin(own, claimed)
            facts = resource_facts(own, self._resource_id)
        if begun is None:
            return False
        if facts is None:
            _skip(begun)
        elif facts.etag != begun.etag:
            _start_anew(facts)
        else:
            self._try(begun, facts)
        return True

    def _try(self, begun: Claim, facts: ResourceFacts) -> None:
        step = all_steps()[begun.step]
        folder = self._folder / step.name
        folder.mkdir()
        try:
            with time_limit(step.timeout):
                result = step.run(self._context(step, facts, folder))
                _require_claim(begun)
                _put(result, step, facts)
            _keep(begun, result)
        except LostClaimError as exc:
            log.warning("%s of %s: %s", step.name, facts.id, exc)
            _remove_orphans(facts)
        except Exception as exc:  # noqa: BLE001 - recorded as the reason and shown to people
            _note_failure(begun, exc)
        else:
            self._keep_files(result, facts, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _context(self, step: Step, facts: ResourceFacts, folder: Path) -> StepContext:
        store = object_store()
        file, sha256 = self._scratch_copy(facts) if step.reads == Reads.FILE else (None, None)
        source = artifacts.range_source(store, facts) if step.reads == Reads.RANGES else None
        return StepContext(
            resource=facts,
            store=store,
            site_url=site_url(),
            scratch=folder,
            source=source,
            file=file,
            sha256=sha256,
            made={name: path for (etag, name), path in self._made.items() if etag == facts.etag},
        )

    def _keep_files(self, result: StepResult, facts: ResourceFacts, folder: Path) -> None:
        """Spare the steps that follow in this run the download of what was just stored.

        Only what lies in the folder of the step: other files belong to somebody else.
        """
        for made in result.artifacts:
            if not made.path.resolve().is_relative_to(folder.resolve()):
                continue
            kept = self._folder / f"made-{made.artifact}"
            try:
                self._made[facts.etag, made.artifact] = made.path.replace(kept)
            except OSError as error:
                log.warning("%s of %s is not kept: %s", made.artifact, facts.id, error)

    def _scratch_copy(self, facts: ResourceFacts) -> tuple[Path, str]:
        if self._copy is None or self._copy[0] != facts.etag:
            path, sha256 = artifacts.download(object_store(), facts, self._folder)
            self._copy = (facts.etag, path, sha256)
        return self._copy[1:]


def _require_claim(begun: Claim) -> None:
    """Stop a worker that was away for longer than its lease before it replaces an artifact."""
    with session() as own:
        if not claims.renew(own, begun):
            raise LostClaimError("the result is dropped, somebody else has the step by now")


def _put(result: StepResult, step: Step, facts: ResourceFacts) -> None:
    if not result.artifacts:
        return
    for made in result.artifacts:
        artifacts.put(object_store(), facts, step, made)
    _remove_orphans(facts)


def _keep(begun: Claim, result: StepResult) -> None:
    """Store the result and the state in one transaction; nothing of it when the claim is lost.

    The resource dictionary comes later: a request that activates the dataset holds its lock and
    may be waiting for exactly this state.
    """
    with session() as own:
        if not claims.finish(own, begun, result.fields):
            raise LostClaimError("the result is dropped, somebody else has the step by now")
        if result.record:
            records.merge(own, begun.resource_id, begun.etag, result.record)


def _note_failure(begun: Claim, error: Exception) -> None:
    code, text, permanent = reason(error)
    log.warning(
        "%s of %s failed (%s): %s",
        begun.step,
        begun.resource_id,
        code,
        without_secrets(str(error)),
        exc_info=None if permanent else error,
    )
    with session() as own:
        claims.fail(own, begun, code, text, permanent=permanent)


def _skip(begun: Claim) -> None:
    with session() as own:
        claims.skip(own, begun, "deleted", "The resource or its dataset was deleted.")


def _start_anew(facts: ResourceFacts) -> None:
    with session() as own:
        planning.plan(own, facts.package_id)


def _remove_orphans(facts: ResourceFacts) -> None:
    """Leave no object behind of a resource that was purged while a step made one."""
    with session() as own:
        if not exists(own, facts.id):
            outbox.add(own, outbox.DELETE, facts.circle_id, [facts.id])
