"""A zygote that cannot work leaves its last words to the operator, and to nobody else."""

from __future__ import annotations

import logging
import os
import signal
import sys

import pytest

from dcor_shared.measurement.errors import SandboxUnavailableError
from dcor_shared.measurement.sandbox import parenthood


@pytest.fixture
def broken_python(tmp_path, monkeypatch):
    """An interpreter that cannot even start."""
    path = tmp_path / "python"
    path.write_text("#!/bin/sh\necho 'libsecret.so: cannot open /srv/lib' >&2\nexit 7\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))


@pytest.fixture
def zygote():
    started = parenthood.start()
    yield started
    started.end()


def test_the_reason_is_for_the_operator(broken_python, caplog):
    with (
        caplog.at_level(logging.ERROR, logger=parenthood.__name__),
        pytest.raises(SandboxUnavailableError) as caught,
    ):
        parenthood.start()
    assert "libsecret.so" in caplog.text
    assert "exit code 7" in caplog.text
    assert "libsecret.so" in "".join(caught.value.__notes__)
    assert "libsecret.so" not in caught.value.text
    assert "libsecret.so" not in str(caught.value)


def test_a_zygote_without_problems_has_said_nothing(zygote):
    assert zygote.last_words() == "none"


def test_last_words_are_the_last_lines(zygote):
    os.kill(zygote.process.pid, signal.SIGSTOP)
    os.write(zygote.errors.fileno(), b"\n".join(b"line %d" % n for n in range(5000)))
    words = zygote.last_words().splitlines()
    assert words[-1] == "line 4999"
    assert len(words) == 20
