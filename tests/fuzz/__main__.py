"""Command line: ``python -m tests.fuzz [NUMBER]``, or ``write NUMBER PATH`` for one mutant.

``FUZZ_FIRST`` is the number of the first mutant, ``FUZZ_JOBS`` how many are looked at at a time.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from dcor_shared.measurement import sandbox

from .mutants import mutant
from .parents import parents
from .running import Report, run

_NUMBER = 10_000
_SHOWN = 20
_STEP = 500


def main(arguments: list[str]) -> int:
    """Run; the exit code is 1 if there was any harm."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        found, missing = parents(folder)
        for path in missing:
            _say(f"{path} is not beside the checkout (shared/data): left out")
        if arguments[:1] == ["write"]:
            how, data = mutant(found, int(arguments[1]))
            Path(arguments[2]).write_bytes(data)
            _say(how)
            return 0
        work = folder / "work"
        number = int(arguments[0]) if arguments else _NUMBER
        first = int(os.environ.get("FUZZ_FIRST", "0"))
        jobs = int(os.environ.get("FUZZ_JOBS", os.cpu_count() or 1))
        started = time.monotonic()
        report = Report()
        for begin in range(first, first + number, _STEP):
            work.mkdir(exist_ok=True)
            end = min(begin + _STEP, first + number)
            _add(report, run(found, range(begin, end), work, jobs))
            _say(f"{end - first} of {number}, {time.monotonic() - started:.0f} s, {_short(report)}")
    _show(report, number, time.monotonic() - started)
    return 1 if report.harm else 0


def _add(report: Report, more: Report) -> None:
    report.outcomes += more.outcomes
    report.harm += more.harm
    for key, numbers in more.crashes.items():
        report.crashes.setdefault(key, []).extend(numbers)


def _short(report: Report) -> str:
    results = sum(count for (_, outcome), count in report.outcomes.items() if outcome == "result")
    crashes = sum(map(len, report.crashes.values()))
    return f"{results} results, {crashes} times a process was lost, {len(report.harm)} times harm"


def _show(report: Report, number: int, seconds: float) -> None:
    _say(f"\n{number} mutants in {seconds:.0f} s; protections: {sandbox.hardening()}")
    for (task, outcome), count in sorted(report.outcomes.items(), key=lambda one: -one[1]):
        _say(f"{task:10} {outcome:28} {count:6}")
    for (task, text), numbers in sorted(report.crashes.items()):
        _say(f"{task}: {text}\n    mutants {numbers[:_SHOWN]}")
    for harm in report.harm:
        _say(f"HARM: {harm}")
    _say("no escape, no hang, no dead worker" if not report.harm else "there was harm")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
