"""A served instance answers and its workers run."""

from __future__ import annotations

import requests


def test_it_tells_its_version(served):
    answer = requests.get(f"{served.url}/api/3/action/status_show", timeout=60)
    assert answer.json()["result"]["ckan_version"].startswith("2.12")


def test_reason_phrases_are_those_that_clients_read(served):
    answer = requests.get(f"{served.url}/api/3/action/package_show?id=nothing", timeout=60)
    assert (answer.status_code, answer.reason) == (404, "NOT FOUND")


def test_workers_run(served):
    assert served.program("worker-short").is_running()
    assert served.program("worker-long").is_running()


def test_nothing_runs_as_root(served):
    assert served.program("web").uids().real != 0
