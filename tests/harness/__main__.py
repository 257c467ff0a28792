"""Command line of the harness: ``python -m tests.harness up|down|run``."""

from __future__ import annotations

import os
import subprocess
import sys

from . import places, runs, services

_HELP = """usage: python -m tests.harness COMMAND

  up               start PostgreSQL, Redis and Ceph below var/test (they keep running)
  down             stop them
  run [ARGUMENTS]  start them if need be, run pytest with ARGUMENTS on a database of its own,
                   and stop what was started (DCOR_KEEP_SERVICES=1 lets it run)
"""


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    match arguments:
        case ["up"]:
            return _up()
        case ["down"]:
            _say("stopped" if services.down() else "nothing was running")
            return 0
        case ["run", *rest]:
            return _run(rest)
        case _:
            _say(_HELP)
            return 2


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _up() -> int:
    found, started = services.up()
    _mark_as_kept()
    by_hand = runs.of_slot(0)
    runs.clean(found, by_hand)
    by_hand.folder.mkdir(parents=True, exist_ok=True)
    runs.fill(found, by_hand)
    places.INI_FILE.write_bytes(by_hand.ini.read_bytes())
    places.INI_FILE.chmod(0o600)
    _say(f"{'started' if started else 'running'}; addresses in {places.SERVICES_FILE}")
    return 0


def _run(arguments: list[str]) -> int:
    with services.lock("use", shared=True):
        found, started = services.up()
        if started and os.environ.get(places.KEEP_VARIABLE):
            _mark_as_kept()
        with runs.taken(found) as run:
            code = _pytest(run, arguments)
    if not places.KEPT_FILE.exists() and services.is_unused():
        services.down()
    return code


def _pytest(run: runs.Run, arguments: list[str]) -> int:
    environment = os.environ | {places.RUN_VARIABLE: str(run.folder / "run.json")}
    command = [sys.executable, "-m", "pytest", f"--ckan-ini={run.ini}", *arguments]
    return subprocess.run(command, check=False, cwd=places.CHECKOUT, env=environment).returncode


def _mark_as_kept() -> None:
    places.KEPT_FILE.touch()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
