"""A served instance answers and its workers run."""

from __future__ import annotations

import time

import requests

from dcor_control.local import orphans, supervisor


def test_it_tells_its_version(served):
    answer = requests.get(f"{served.url}/api/3/action/status_show", timeout=60)
    assert answer.json()["result"]["ckan_version"].startswith("2.12")


def test_reason_phrases_are_those_that_clients_read(served):
    answer = requests.get(f"{served.url}/api/3/action/package_show?id=nothing", timeout=60)
    assert (answer.status_code, answer.reason) == (404, "NOT FOUND")


def test_workers_run(served):
    assert served.program("worker-short").is_running()
    assert served.program("worker-long").is_running()


def test_nothing_runs_as_root_not_even_the_supervisor(served):
    found = orphans.processes(served.layout)
    assert "supervisor.supervisord" in str([process.cmdline() for process in found])
    assert 0 not in {uid for process in found for uid in process.uids()}


def test_the_log_shows_no_query(served):
    requests.get(f"{served.url}/dataset/nothing-here?key=very-secret", timeout=60)
    assert _appears('"GET /dataset/nothing-here" 404', served)
    assert "very-secret" not in supervisor.log_tail(served.layout, "web", lines=1000)


def _appears(text, served):
    deadline = time.monotonic() + 20
    while text not in supervisor.log_tail(served.layout, "web", lines=1000):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_an_answer_is_never_lost_because_nobody_read_the_question(served):
    body = {"key": "x" * 300_000}
    for _ in range(30):
        answer = requests.post(f"{served.url}/dataset/new", data=body, timeout=60)
        assert answer.status_code in {400, 403}
