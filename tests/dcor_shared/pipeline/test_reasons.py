"""Reasons of failures are shown to people and hold nothing that is not their business."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from dcor_shared.measurement.errors import NoEventsError
from dcor_shared.objects.errors import StoreUnavailableError
from dcor_shared.pipeline.reasons import StepTimeoutError, reason, without_secrets
from dcor_shared.pipeline.steps import PermanentFailureError


@pytest.mark.parametrize(
    ("error", "code", "permanent"),
    [
        (PermanentFailureError("no-events", "x"), "no-events", True),
        (NoEventsError("x"), "no-events", True),
        (StoreUnavailableError("x"), "store-unavailable", False),
        (StepTimeoutError("x"), "timeout", False),
        (KeyError("x"), "KeyError", False),
    ],
)
def test_errors_of_the_suite_have_a_code_others_a_name(error, code, permanent):
    assert reason(error)[::2] == (code, permanent)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET https://s3/b/k?X-Amz-Signature=abc failed", "GET https://s3/b/k failed"),
        ("No space: '/srv/dcor/scratch/dcor-run_x/a.rtdc'", "No space: 'a.rtdc'"),
        ("redis://:secret@10.0.0.1:6379/0 is away", "redis://10.0.0.1:6379/0 is away"),
        ("a/b and 1/2 stay", "a/b and 1/2 stay"),
        ("x" * 3000, "x" * 2000),
    ],
)
def test_keys_and_folders_are_left_out(text, shown):
    assert without_secrets(text) == shown


@pytest.mark.parametrize(
    "error",
    [
        OSError("connection to server at 10.1.2.3 as ckan failed"),
        StoreUnavailableError("GET: no answer from http://s3.internal:7480/circle-1"),
    ],
)
def test_addresses_of_servers_are_for_the_log_alone(error):
    _code, text, _permanent = reason(error)
    assert "10.1.2.3" not in text
    assert "s3.internal" not in text
    assert "log" in text


def test_errors_of_the_database_tell_nothing():
    statement = "SELECT secret FROM person WHERE name = :name"
    error = OperationalError(statement, {"name": "anna"}, OSError("no answer from 10.1.2.3:5432"))
    assert isinstance(error.code, str)
    code, text, permanent = reason(error)
    assert (code, permanent) == ("OperationalError", False)
    assert not any(word in text for word in ("secret", "anna", "10.1.2.3", "5432", "sqlalche"))
