"""The supervisor runs exactly the programs that it was given, and no secret is in its file."""

from __future__ import annotations

import configparser
import os
import sys
import time

import psutil
import pytest

from dcor_control.local import orphans, running, supervisor
from dcor_control.local.account import Account
from dcor_control.local.layout import Layout
from dcor_control.local.program import Program

ME = Account("me", os.geteuid(), os.getegid())
_FOREVER = "import signal; print('I wait', flush=True); signal.pause()"


def waiting(name="waiter"):
    return Program(name, [sys.executable, "-c", _FOREVER], env={"ODD": 'a "%s", b\\'})


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path, ME)
    layout.make_folders()
    yield layout
    running.bring_down(layout)


def begun(layout, name="waiter"):
    """The process of a program that runs (not of the supervisor's copy that becomes it)."""
    running.wait(layout, name, lambda _timeout: _has_written(layout))
    return psutil.Process(pid_of(layout, name))


def pid_of(layout, name="waiter"):
    (state,) = [state for state in supervisor.states(layout) if state.name == name]
    return state.pid


def test_odd_characters_reach_the_program(layout):
    parser = configparser.ConfigParser()
    parser.read_string(supervisor.conf_text(layout, [waiting()]))
    supervisor.start(layout, [waiting()])
    assert begun(layout).environ()["ODD"] == 'a "%s", b\\'


def test_starting_again_changes_nothing(layout):
    supervisor.start(layout, [waiting()])
    before = pid_of(layout)
    supervisor.start(layout, [waiting()])
    assert pid_of(layout) == before


def test_the_environment_of_the_caller_stays_outside(layout, monkeypatch):
    monkeypatch.setenv("PRIVATE_KEY", "secret")
    supervisor.start(layout, [waiting()])
    assert "PRIVATE_KEY" not in begun(layout).environ()


def test_programs_for_later_wait_until_they_are_named(layout):
    supervisor.start(layout, [waiting("first")], later=[waiting("second")])
    assert pid_of(layout, "second") == 0
    supervisor.start_programs(layout, ["second"])
    assert psutil.pid_exists(pid_of(layout, "second"))


def test_orphans_are_found_and_ended(layout):
    supervisor.start(layout, [waiting()])
    # What it writes after the death of the supervisor would be its own death.
    orphan = begun(layout)
    (daemon,) = [found for found in orphans.processes(layout) if found != orphan]
    daemon.kill()
    psutil.wait_procs([daemon], timeout=10)
    assert orphan.is_running()
    orphans.end_orphans(layout)
    assert not orphan.is_running()


def test_nothing_is_left_after_a_stop(layout):
    supervisor.start(layout, [waiting()])
    assert running.bring_down(layout)
    assert not orphans.processes(layout)
    assert not running.bring_down(layout)


def test_the_log_of_a_program_can_be_shown(layout):
    broken = Program("broken", [sys.executable, "-c", "raise SystemExit('it is broken')"])
    supervisor.start(layout, [broken])
    with pytest.raises(running.UnhealthyProgramError, match="it is broken"):
        running.wait(layout, "broken", _never, seconds=2)


def _has_written(layout):
    if "I wait" not in supervisor.log_tail(layout, "waiter"):
        time.sleep(0.05)
        raise running.web.WorkerError("it has not begun")


def _never(timeout):
    raise running.web.WorkerError("it does not take jobs")
