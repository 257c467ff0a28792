"""Command line of the benchmarks: ``python -m benchmarks.run NAME`` (``make bench NAME=…``).

The last line is ``<name> ratio=<x> goal=<y>``; the exit code is 0 exactly when the goal is met.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

#: Modules of this folder that are no benchmarks.
_PARTS = {"__init__", "run", "outcome"}


def names() -> list[str]:
    """Names of all benchmarks."""
    folder = Path(__file__).parent
    found = {path.stem for path in folder.glob("[!_]*.py")} - _PARTS
    return sorted(name.replace("_", "-") for name in found)


def main(arguments: list[str]) -> int:
    """Run one benchmark; returns the exit code."""
    if len(arguments) != 1 or arguments[0] not in names():
        print(f"usage: make bench NAME=…, one of: {', '.join(names())}", file=sys.stderr)
        return 2
    (name,) = arguments
    outcome = importlib.import_module(f"benchmarks.{name.replace('-', '_')}").run()
    for problem in outcome.problems:
        print(f"not met: {problem}")
    print(f"{name} ratio={outcome.ratio:.3g} goal={outcome.goal:g}", flush=True)
    return 0 if outcome.is_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
