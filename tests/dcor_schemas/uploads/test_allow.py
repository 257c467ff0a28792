"""Sizes are whole numbers within the limits of the site."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import config
from ckanext.dcor_schemas.uploads import allow, ledger


@pytest.fixture(autouse=True)
def limit(monkeypatch):
    monkeypatch.setattr(config, "max_file_size", lambda: 2**33)


@pytest.mark.parametrize(
    ("sent", "size"), [(0, 0), ("0", 0), (5, 5), ("5", 5), ("5.0", 5), (5.0, 5), ("1e9", 10**9)]
)
def test_whole_numbers_are_understood(sent, size):
    assert allow.parse_file_size(sent) == size


def test_large_numbers_stay_exact():
    assert allow.parse_file_size(str(2**33 - 1)) == 2**33 - 1


@pytest.mark.parametrize(
    "sent", [None, "", "peter", "nan", "inf", "-inf", -1, "5.7", 5.7, True, [], {}, "1" * 5000]
)
def test_everything_else_is_refused_with_the_key(sent):
    with pytest.raises(tk.ValidationError) as refusal:
        allow.parse_file_size(sent)
    assert list(refusal.value.error_dict) == ["file_size"]


def test_files_above_the_maximum_are_refused():
    with pytest.raises(tk.ValidationError, match="8589934592"):
        allow.parse_file_size(2**33 + 1)


def test_requests_of_one_user_are_counted_one_after_the_other(tx):
    """A second transaction would have to wait until the first one has opened its upload."""
    ledger.take_turns("somebody")
    name = "hashtextextended('dcor_schemas_upload ' || :user, 0)"
    query = sa.text(f"SELECT pg_try_advisory_xact_lock({name})")
    engine = sa.create_engine(tk.config["sqlalchemy.url"], poolclass=sa.NullPool)
    with engine.connect() as other:
        assert other.execute(query, {"user": "somebody"}).scalar() is False
        assert other.execute(query, {"user": "somebody else"}).scalar() is True
