"""Sessions: one process, many questions, and an end that is noticed."""

from __future__ import annotations

import os
import select
import signal
import threading
import time

import pytest

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.errors import (
    MeasurementError,
    NoSuchEventError,
    NotHdf5Error,
    SandboxCrashError,
    SandboxSourceError,
    SandboxTimeoutError,
)
from dcor_shared.measurement.sources import FileSource

LIMITS = sandbox.Limits(seconds=20)


class CountingSource(FileSource):
    """Counts how often it is read."""

    reads = 0

    def read(self, start, stop):
        self.reads += 1
        return super().read(start, stop)


@pytest.fixture
def open_session():
    opened = []

    def make(path, limits=LIMITS, source=CountingSource, **more):
        opened.append(sandbox.Session("events", source(path), limits, **more))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


def test_many_questions_open_the_file_once(open_session, small):
    session = open_session(small)
    assert session.ask({"ask": "facts", "index": 0})["event_count"] == 20
    reads = session._source.reads
    assert session.ask({"ask": "facts", "index": 1})["index"] == 1
    assert session._source.reads <= reads + 2


def test_answers_may_be_bytes(open_session, small):
    assert open_session(small).ask({"ask": "event", "index": 0}).startswith(b"DCORVIEW")


def test_an_error_of_the_measurement_leaves_the_session_open(open_session, small):
    session = open_session(small)
    with pytest.raises(NoSuchEventError, match="the last one is 19"):
        session.ask({"ask": "facts", "index": 20})
    assert session.is_open
    assert session.ask({"ask": "facts", "index": 19})["index"] == 19


def test_a_file_that_cannot_be_opened_is_named_at_the_first_question(open_session, tmp_path):
    path = tmp_path / "text.rtdc"
    path.write_text("no measurement")
    session = open_session(path)
    with pytest.raises(NotHdf5Error):
        session.ask({"ask": "facts", "index": 0})
    assert not session.is_open


def test_an_unforeseen_error_ends_the_session(open_session, small):
    session = open_session(small)
    with pytest.raises(MeasurementError):
        session.ask({"ask": "nonsense"})
    assert not session.is_open
    with pytest.raises(SandboxCrashError):
        session.ask({"ask": "facts", "index": 0})


def test_reading_too_much_ends_the_session(open_session, small):
    session = open_session(small, sandbox.Limits(seconds=20, source_bytes=1000))
    with pytest.raises(SandboxSourceError):
        session.ask({"ask": "facts", "index": 0})
    assert not session.is_open


def test_what_the_source_raises_is_raised_and_ends_the_session(open_session, small):
    class Failing(FileSource):
        def read(self, start, stop):
            raise PermissionError("not today")

    session = open_session(small, source=Failing)
    with pytest.raises(PermissionError, match="not today"):
        session.ask({"ask": "facts", "index": 0})
    assert not session.is_open


class Silent(FileSource):
    """Never answers."""

    def read(self, start, stop):
        threading.Event().wait()


def test_nobody_waits_for_a_source_that_does_not_answer(open_session, small):
    session = open_session(small, sandbox.Limits(seconds=0.3), source=Silent)
    began = time.monotonic()
    with pytest.raises(SandboxTimeoutError):
        session.ask({"ask": "facts", "index": 0})
    assert time.monotonic() - began < 5
    assert not session.is_open


def test_a_deadline_may_come_before_the_limit(open_session, small):
    session = open_session(small, source=Silent)
    with pytest.raises(SandboxTimeoutError):
        session.ask({"ask": "facts", "index": 0}, time.monotonic() + 0.1)


def test_who_waits_for_somebody_else_waits_until_the_deadline_only(open_session, small):
    session = open_session(small)
    with session._lock, pytest.raises(SandboxTimeoutError, match="Others"):
        session.ask({"ask": "facts", "index": 0}, time.monotonic() + 0.1)
    assert session.ask({"ask": "facts", "index": 0})["index"] == 0


def wait_until_closed(session) -> None:
    deadline = time.monotonic() + 10
    while session.is_open and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not session.is_open


def test_an_idle_session_ends_by_itself(open_session, small):
    session = open_session(small, idle_seconds=0.2)
    session.ask({"ask": "facts", "index": 0})
    wait_until_closed(session)


def test_a_killed_process_is_noticed(open_session, small):
    session = open_session(small)
    session.ask({"ask": "facts", "index": 0})
    signal.pidfd_send_signal(session._child.pidfd, signal.SIGKILL)
    wait_until_closed(session)


def test_closing_ends_the_process(open_session, small):
    session = open_session(small)
    pidfd = os.dup(session._child.pidfd)
    session.close()
    try:
        # the descriptor of a process becomes readable when the process ends
        assert select.select([pidfd], [], [], 10)[0]
    finally:
        os.close(pidfd)
