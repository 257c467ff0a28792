"""The bootstrap works with nothing but the standard library, and leaves alone what is there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dcor_control import bootstrap


def test_it_runs_where_nothing_is_installed():
    """``-I -S`` hides everything but the standard library; only the checkout is added."""
    program = f"import sys; sys.path.insert(0, {str(bootstrap.CHECKOUT)!r}); import {{name}}"
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", program.format(name="dcor_control.bootstrap")],
        check=True,
        cwd="/",
    )


def test_what_is_installed_is_not_installed_again(monkeypatch):
    monkeypatch.setattr(bootstrap, "missing_packages", list)
    monkeypatch.setattr(bootstrap, "run", pytest.fail)
    bootstrap.install_packages()


def test_a_browser_is_installed_only_for_those_who_need_one(monkeypatch):
    monkeypatch.delenv("DCOR_BROWSER", raising=False)
    assert "chromium" not in bootstrap.wanted_packages()
    monkeypatch.setenv("DCOR_BROWSER", "1")
    monkeypatch.setattr(bootstrap.Path, "read_text", lambda *_: "NAME=x\nID=debian\n")
    assert "chromium" in bootstrap.wanted_packages()
    monkeypatch.setattr(bootstrap.Path, "read_text", lambda *_: "ID=ubuntu\nID_LIKE=debian\n")
    assert "chromium" not in bootstrap.wanted_packages()


def test_without_sudo_the_command_to_type_is_shown(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "missing_packages", lambda: ["redis-server"])
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(
        bootstrap.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None
    )
    with pytest.raises(SystemExit) as ended:
        bootstrap.install_packages()
    assert ended.value.code == 4
    assert "apt-get install --no-install-recommends redis-server" in capsys.readouterr().err


def test_programs_in_a_private_home_are_not_for_everybody(tmp_path):
    program = tmp_path / "private" / "python"
    program.parent.mkdir(mode=0o700)
    program.touch(mode=0o755)
    assert not bootstrap.everybody_can_run(program)


def test_settings_of_pip_reach_uv(monkeypatch, tmp_path):
    listed = (
        "global.index-url='https://mirror.example/simple'\n:env:.cert='/ca.pem'\nglobal.cert='/x'\n"
    )
    pip = tmp_path / "python"
    pip.write_text(f"#!/bin/sh\ncat <<'END'\n{listed}END\n")
    pip.chmod(0o755)
    for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE", "UV_HTTP_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    settings = bootstrap.uv_settings(pip)
    assert settings["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert settings["SSL_CERT_FILE"] == "/ca.pem"


def test_a_failing_command_shows_the_end_of_its_output(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "log")
    with pytest.raises(SystemExit):
        bootstrap.run(["sh", "-c", "echo no such mirror; exit 7"])
    assert "no such mirror" in capsys.readouterr().err


def test_make_without_a_target_explains_itself():
    done = subprocess.run(
        ["make", "--no-print-directory"],
        check=True,
        capture_output=True,
        text=True,
        cwd=bootstrap.CHECKOUT,
    )
    for target in ("demo", "test", "test-fast", "stop", "lint", "types", "imports", "lock"):
        assert f"\n  {target} " in done.stdout
