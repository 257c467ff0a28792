"""A worker as a program of its own: ``python -m tests.dcor_shared.pipeline.program INI QUEUES``.

Its step ``condense`` stops in the middle, while the file ``gate`` exists in the folder
``DCOR_TEST_GATES``: it says so by writing into it (a FIFO) and waits until the worker is killed, or
asked to stop.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from dcor_shared.pipeline import runner
from dcor_shared.pipeline.steps import ArtifactFile, Queue, Reads, StepResult

from .building import step


def describe(context):
    return StepResult(
        fields={"format": "RT-DC"}, record={"original": {"size": context.source.size}}
    )


def digest(context):
    return StepResult(fields={"sha256": context.sha256})


def condense(context):
    path = context.scratch / "condensed.rtdc"
    path.write_bytes(context.file.read_bytes())
    gate = Path(os.environ["DCOR_TEST_GATES"]) / "gate"
    if gate.exists():
        gate.write_text("in the middle")
        while not runner.stopping.is_set():
            time.sleep(0.01)
    return StepResult(artifacts=(ArtifactFile("condensed", path, "application/x-hdf5"),))


STEPS = (
    step("describe", describe, queue=Queue.NORMAL, reads=Reads.RANGES),
    step("hash", digest, needs=("describe",), reads=Reads.FILE),
    step("condense", condense, needs=("describe",), reads=Reads.FILE),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("ini")
    parser.add_argument("queues", nargs="+")
    parser.add_argument("--burst", action="store_true")
    parser.add_argument("--max-jobs", type=int)
    given = parser.parse_args()

    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    make_app(CKANConfigLoader(given.ini).get_config())

    from dcor_shared.pipeline.worker import run_worker
    from dcor_shared.testing.pipeline import only_steps

    with only_steps(*STEPS):
        run_worker(given.queues, burst=given.burst, max_jobs=given.max_jobs)


if __name__ == "__main__":
    main()
