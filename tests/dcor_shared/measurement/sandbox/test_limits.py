"""A sandboxed task ends when it takes too much, and says so by name."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.errors import (
    MeasurementError,
    NoEventsError,
    SandboxCrashError,
    SandboxFileSizeError,
    SandboxMemoryError,
    SandboxTimeoutError,
)
from dcor_shared.measurement.sandbox import Limits


def misbehave(how: str, arguments=None, **kwargs):
    return sandbox.call(f"misbehave-{how}", arguments, **kwargs)


def test_arguments_go_in_and_the_result_comes_back():
    assert misbehave("echo", {"text": "µ", "number": 1, "nothing": None}) == {
        "text": "µ",
        "number": 1,
        "nothing": None,
    }


def test_time_is_limited():
    with pytest.raises(SandboxTimeoutError, match=r"longer than the 0\.3 s") as caught:
        misbehave("sleep", limits=Limits(seconds=0.3))
    assert not caught.value.permanent


@pytest.mark.slow
def test_computing_for_ever_is_permanent():
    with pytest.raises(SandboxTimeoutError, match="computing time") as caught:
        misbehave("spin", limits=Limits(cpu_seconds=1))
    assert caught.value.permanent


def test_memory_is_limited():
    with pytest.raises(SandboxMemoryError) as caught:
        misbehave("eat_memory", limits=Limits(memory_bytes=200 * sandbox.MIB))
    assert caught.value.permanent


def test_the_size_of_the_result_file_is_limited(tmp_path):
    out = tmp_path / "out"
    misbehave("fill_file", {"size": 2000}, writable=out, limits=Limits(file_size_bytes=2000))
    assert out.stat().st_size == 2000
    with pytest.raises(SandboxFileSizeError):
        misbehave("fill_file", {"size": 3000}, writable=out, limits=Limits(file_size_bytes=2000))


def test_the_size_of_the_answer_is_limited():
    with pytest.raises(SandboxCrashError, match="longer than the 1000 allowed"):
        misbehave("shout", {"size": 2000}, limits=Limits(result_bytes=1000))


def test_a_segmentation_fault_is_a_named_permanent_error():
    with pytest.raises(SandboxCrashError, match="signal 11") as caught:
        misbehave("crash")
    assert caught.value.permanent


def test_a_kill_from_outside_is_temporary():
    with pytest.raises(SandboxCrashError) as caught:
        misbehave("kill_itself")
    assert not caught.value.permanent


def test_errors_of_the_house_are_raised_as_what_they_are():
    with pytest.raises(NoEventsError) as caught:
        misbehave("refuse", {"text": "nothing\x1b[2J measured"})
    assert caught.value.code == "no-events"
    assert "\x1b" not in caught.value.text


def test_other_errors_do_not_show_local_paths():
    with pytest.raises(SandboxCrashError) as caught:
        misbehave("fail", {"path": "/srv/secret/measurement.rtdc"})
    assert "/srv" not in str(caught.value)
    assert "RuntimeError" in caught.value.text


def test_exceptions_of_all_kinds_are_named():
    with pytest.raises(SandboxCrashError, match="SystemExit"):
        misbehave("leave")


def test_the_zygote_survives_what_its_children_do():
    sandbox.warm_up()
    before = sandbox.zygote_pid()
    for how in ("crash", "kill_itself", "eat_memory"):
        with pytest.raises(MeasurementError):
            misbehave(how, limits=Limits(memory_bytes=100 * sandbox.MIB))
    assert misbehave("echo", {"still": "here"}) == {"still": "here"}
    assert sandbox.zygote_pid() == before


@pytest.mark.slow
def test_a_lost_zygote_is_replaced():
    sandbox.warm_up()
    before = sandbox.zygote_pid()
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert misbehave("echo", {"once": "more"}) == {"once": "more"}
    assert sandbox.zygote_pid() != before


def test_calls_from_several_threads_do_not_mix():
    answers = {}

    def ask(number: int) -> None:
        answers[number] = misbehave("echo", {"number": number})

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: {"number": number} for number in range(8)}
