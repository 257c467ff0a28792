"""``dcor status`` tells whether hostile files are kept in check."""

from __future__ import annotations

from dcor_control.commands.instance import sandbox_words
from dcor_shared.measurement.sandbox import confinement


def test_active_protections_are_listed():
    assert sandbox_words() == "Sandbox: no new privileges, landlock, seccomp"


def test_a_missing_protection_cannot_be_overlooked(monkeypatch):
    monkeypatch.setattr(confinement.landlock, "version", lambda: 0)
    confinement.hardening.cache_clear()
    try:
        assert sandbox_words().startswith("Sandbox: WITHOUT landlock")
    finally:
        confinement.hardening.cache_clear()
