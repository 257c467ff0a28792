"""The bootstrap works with nothing but the standard library, and leaves alone what is there."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading

import pytest

from dcor_control.bootstrap import environment, packages, stages, turns


def test_it_runs_where_nothing_is_installed():
    """``-I -S`` hides everything but the standard library; only the checkout is added."""
    program = f"import sys; sys.path.insert(0, {str(stages.CHECKOUT)!r}); import {{name}}"
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", program.format(name="dcor_control.bootstrap.__main__")],
        check=True,
        cwd="/",
    )


def test_what_is_installed_is_not_installed_again(monkeypatch):
    monkeypatch.setattr(packages, "missing_packages", list)
    monkeypatch.setattr(packages, "run", pytest.fail)
    packages.install_packages()


def test_a_browser_is_installed_only_for_those_who_need_one(monkeypatch):
    monkeypatch.delenv("DCOR_BROWSER", raising=False)
    assert "chromium" not in packages.wanted_packages()
    monkeypatch.setenv("DCOR_BROWSER", "1")
    monkeypatch.setattr(packages.Path, "read_text", lambda *_: "NAME=x\nID=debian\n")
    assert "chromium" in packages.wanted_packages()
    monkeypatch.setattr(packages.Path, "read_text", lambda *_: "ID=ubuntu\nID_LIKE=debian\n")
    assert "chromium" not in packages.wanted_packages()


def test_without_sudo_the_command_to_type_is_shown(monkeypatch, capsys):
    monkeypatch.setattr(packages, "missing_packages", lambda: ["redis-server"])
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(
        packages.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None
    )
    with pytest.raises(SystemExit) as ended:
        packages.install_packages()
    assert ended.value.code == 4
    assert "apt-get install --no-install-recommends redis-server" in capsys.readouterr().err


def test_programs_in_a_private_home_are_not_for_everybody(tmp_path):
    program = tmp_path / "private" / "python"
    program.parent.mkdir(mode=0o700)
    program.touch(mode=0o755)
    assert not environment.everybody_can_run(program)


def test_settings_of_pip_reach_uv(monkeypatch, tmp_path):
    listed = (
        "global.index-url='https://mirror.example/simple'\n:env:.cert='/ca.pem'\nglobal.cert='/x'\n"
    )
    pip = tmp_path / "python"
    pip.write_text(f"#!/bin/sh\ncat <<'END'\n{listed}END\n")
    pip.chmod(0o755)
    for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE", "UV_HTTP_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    settings = environment.uv_settings(pip)
    assert settings["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert settings["SSL_CERT_FILE"] == "/ca.pem"


def test_a_failing_command_shows_the_end_of_its_output(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(stages, "LOG", tmp_path / "log")
    with pytest.raises(SystemExit):
        stages.run(["sh", "-c", "echo no such mirror; exit 7"])
    assert "no such mirror" in capsys.readouterr().err


def test_an_interrupted_command_can_clean_up(monkeypatch, tmp_path):
    monkeypatch.setattr(stages, "LOG", tmp_path / "log")
    started, cleaned = tmp_path / "started", tmp_path / "cleaned"
    script = f"trap 'touch {cleaned}; exit 1' TERM; touch {started}; while :; do sleep 0.05; done"
    monkeypatch.setattr(subprocess.Popen, "wait", _interrupted_once(started))
    with pytest.raises(KeyboardInterrupt):
        stages.run(["sh", "-c", script])
    assert cleaned.exists()


def _interrupted_once(started):
    """Waiting that is interrupted once, when the command has begun."""
    wait, interruptions = subprocess.Popen.wait, []

    def waits(process, timeout=None):
        if not interruptions:
            interruptions.append(1)
            while not started.exists():
                pass
            raise KeyboardInterrupt
        return wait(process, timeout)

    return waits


def test_a_second_installation_waits_and_says_for_whom(monkeypatch, tmp_path):
    monkeypatch.setattr(turns, "_TURN", tmp_path / "var" / "lock")
    said: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr(turns, "say", said.put)

    def install() -> None:
        with turns.turn():
            said.put("installed")

    second = threading.Thread(target=install)
    with turns.turn():
        second.start()
        assert f"process {os.getpid()}" in said.get(timeout=20)
        assert said.empty()
    assert said.get(timeout=20) == "installed"
    second.join()


def test_make_without_a_target_explains_itself():
    done = subprocess.run(
        ["make", "--no-print-directory"],
        check=True,
        capture_output=True,
        text=True,
        cwd=stages.CHECKOUT,
    )
    for target in ("demo", "test", "test-fast", "stop", "lint", "types", "imports", "lock"):
        assert f"\n  {target} " in done.stdout
