"""What reads events is started by the page on which they are clicked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from dcor_shared.testing.measurements import write_measurement
from tests.browser.uploads import upload

if TYPE_CHECKING:
    from tests.harness.served import Served

_PATIENCE = 60


@pytest.mark.slow
def test_the_page_of_a_measurement_starts_what_reads_events(served: Served, tmp_path) -> None:
    dataset = upload(served, [write_measurement(tmp_path / "cells.rtdc", events=5)], private=False)
    page = requests.get(f"{served.url}{dataset.page('cells.rtdc')}", timeout=_PATIENCE)
    assert page.ok
    deadline = time.monotonic() + _PATIENCE
    while not _zygotes(served):
        assert time.monotonic() < deadline


def _zygotes(served: Served) -> list[psutil.Process]:
    processes = served.program("web").children(recursive=True)
    return [one for one in processes if any(".sandbox.zygote" in word for word in _words(one))]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        # it has just ended
        return []
