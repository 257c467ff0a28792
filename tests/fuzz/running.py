"""What becomes of a mutant, and whether it did any harm."""

from __future__ import annotations

import json
import secrets
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.condensing import CondenseRequest, condense
from dcor_shared.measurement.description import describe
from dcor_shared.measurement.errors import MeasurementError
from dcor_shared.measurement.sources import FileSource

from .mutants import mutant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .mutants import Parent

LIMITS = sandbox.Limits(
    seconds=30,
    cpu_seconds=15,
    memory_bytes=512 * sandbox.MIB,
    file_size_bytes=64 * sandbox.MIB,
)
#: Seconds on top of the limit within which a call has to come back.
_GRACE = 30
_ID = "00000000-0000-4000-8000-000000000000"
_REQUEST = CondenseRequest(_ID, "x.rtdc", "https://dcor.example", "https://s3.example/x")
#: Two steps look into every file.
_TASKS = ("describe", "condense")


@dataclass
class Report:
    """What became of all mutants.

    Attributes
    ----------
    outcomes
        Number of mutants by task and outcome: ``result`` or the name of an error.
    harm
        What must not happen, with the number of the mutant.
    crashes
        Numbers of mutants with which a sandboxed process died or exceeded a limit, by task and
        text of the error.
    """

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    harm: list[str] = field(default_factory=list)
    crashes: dict[tuple[str, str], list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Bait:
    """A secret that no mutant may get at, and a door that none may knock at."""

    folder: Path
    secret: str
    door: socket.socket

    @classmethod
    def lay(cls, folder: Path) -> _Bait:
        secret = secrets.token_hex(16)
        (folder / "secret.txt").write_text(secret, encoding="ascii")
        door = socket.create_server(("127.0.0.1", 0))
        door.setblocking(False)
        return cls(folder, secret, door)

    def was_visited(self) -> bool:
        try:
            self.door.accept()[0].close()
        except BlockingIOError:
            return False
        return True


def run(parents: list[Parent], numbers: Iterable[int], folder: Path, jobs: int = 2) -> Report:
    """Describe and condense mutants, several at a time.

    Parameters
    ----------
    parents
        The good files.
    numbers
        Numbers of the mutants.
    folder
        Empty folder.
    jobs
        Number of sandboxed processes at a time.
    """
    report, bait = Report(), _Bait.lay(folder)
    sandbox.warm_up()
    nursery = sandbox.zygote_pid()
    with ThreadPoolExecutor(jobs) as pool:
        for _ in pool.map(lambda number: _look_at(parents, number, bait, report), numbers):
            if bait.was_visited():
                report.harm.append("a sandboxed process connected to a socket")
    if sandbox.zygote_pid() != nursery:
        report.harm.append("the process that starts the sandboxes died")
    if left := [path.name for path in folder.iterdir() if path.name != "secret.txt"]:
        report.harm.append(f"files appeared: {left[:5]}")
    bait.door.close()
    return report


def _look_at(parents: list[Parent], number: int, bait: _Bait, report: Report) -> None:
    _, data = mutant(parents, number)
    path, out = bait.folder / f"{number}.rtdc", bait.folder / f"{number}-condensed.rtdc"
    path.write_bytes(data)
    try:
        for task in _TASKS:
            started = time.monotonic()
            outcome, text = _outcome(task, path, out)
            report.outcomes[task, outcome] += 1
            if outcome.startswith("Sandbox"):
                report.crashes.setdefault((task, text), []).append(number)
            if time.monotonic() - started > LIMITS.seconds + _GRACE:
                report.harm.append(f"mutant {number}: {task} did not come back in time")
            if bait.secret in text or (out.exists() and bait.secret.encode() in out.read_bytes()):
                report.harm.append(f"mutant {number}: {task} gave away a secret")
            if path.read_bytes() != data:
                report.harm.append(f"mutant {number}: {task} changed the original")
    finally:
        path.unlink()
        out.unlink(missing_ok=True)


def _outcome(task: str, path: Path, out: Path) -> tuple[str, str]:
    """``result`` or the name of the error, and the text that others would see."""
    try:
        if task == "describe":
            result = describe(FileSource(path), name="x.rtdc", limits=LIMITS).to_json()
        else:
            result = condense(path, out, _REQUEST, LIMITS).to_json()
    except MeasurementError as error:
        return type(error).__name__, error.text
    return "result", json.dumps(result)
