"""Secrets are generated once and never change by themselves."""

from __future__ import annotations

from dcor_control.local import secrets


def test_secrets_are_kept(tmp_path):
    path = tmp_path / "secrets.toml"
    assert secrets.load_or_create(path) == secrets.load_or_create(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_two_instances_share_no_secret(tmp_path):
    one = secrets.load_or_create(tmp_path / "one.toml")
    other = secrets.load_or_create(tmp_path / "other.toml")
    assert not set(vars(one).values()) & set(vars(other).values())


def test_a_new_secret_is_added_and_the_others_stay(tmp_path):
    path = tmp_path / "secrets.toml"
    path.write_text('[secrets]\nredis = "known"\n')
    found = secrets.load_or_create(path)
    assert found.redis == "known"
    assert found.secret_key


def test_tokens_stay_beside_the_secrets(tmp_path):
    path = tmp_path / "secrets.toml"
    before = secrets.load_or_create(path)
    secrets.keep_tokens(path, {"alice": "t1"})
    secrets.keep_tokens(path, {"bob": "t2"})
    assert secrets.kept_tokens(path) == {"alice": "t1", "bob": "t2"}
    assert secrets.load_or_create(path) == before


def test_secrets_are_not_shown(tmp_path):
    found = secrets.load_or_create(tmp_path / "secrets.toml")
    assert found.secret_key not in repr(found)
