"""``dcor jobs`` shows what became of every step, and gives failed ones another chance."""

from __future__ import annotations

import psycopg2
import pytest

from dcor_control.demo import measurement, upload
from dcor_control.local import jobs
from dcor_shared.testing.measurements import write_measurement


@pytest.fixture(scope="module")
def uploaded(served, tmp_path_factory):
    path = write_measurement(tmp_path_factory.mktemp("jobs") / "jobs.rtdc", events=30, seed=91)
    api = upload.connect(served.url, served.person.token)
    found = upload.upload(api, upload.ensure_circle(api), measurement.examine(path))
    upload.wait_for_steps(api, found, lambda _steps: None)
    return found


def lines(served, uploaded, *states):
    found = jobs.steps_in(served.database_url, states)
    return {line.step: line for line in found if line.resource == uploaded.resource}


def test_steps_that_are_done_are_listed(served, uploaded):
    found = lines(served, uploaded, "done")
    assert {"describe", "hash", "condense"} <= set(found)
    assert found["describe"].name == "jobs.rtdc"


def test_a_failed_step_is_shown_with_its_reason_and_tried_again(served, uploaded):
    with psycopg2.connect(served.database_url) as link, link.cursor() as cursor:
        cursor.execute(
            "UPDATE dcor_step SET state = 'failed', error_code = 'odd', error_text = 'so it was'"
            " WHERE resource_id = %s AND step = 'hash'",
            [uploaded.resource],
        )
    link.close()
    assert lines(served, uploaded, "failed")["hash"].reason == "odd: so it was"

    assert jobs.requeue(served.database_url, uploaded.resource) == 1
    api = upload.connect(served.url, served.person.token)
    states = upload.wait_for_steps(api, uploaded, lambda _steps: None)
    assert {found["step"]: found["state"] for found in states}["hash"] == "done"


def test_a_database_that_does_not_answer_is_an_error_in_words():
    with pytest.raises(jobs.NoDatabaseError, match="make start"):
        jobs.steps_in("postgresql://nobody@127.0.0.1:9/nothing", ["failed"])
