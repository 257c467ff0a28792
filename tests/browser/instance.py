"""Measurements on a whole instance, and visitors of their pages."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from dcor_shared.testing.measurements import write_measurement

from .pages import Opened
from .recorded import DATA
from .texts import PAYLOAD
from .uploads import Dataset, upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from tests.harness.served import Served

REAL = ["calibration_beads_47.rtdc", "cytoshot_blood.rtdc"]
#: Other characters are refused in names of files.
HOSTILE = "hostile.rtdc"


#: A table of it.
COLUMNS = {"time": [0.0, 0.5, 1.25], "pressure": [101.3, -2.0, 7.0]}


@dataclass(frozen=True)
class Datasets:
    """What the readers find."""

    public: Dataset
    private: Dataset


@pytest.fixture(scope="package")
def datasets(served: Served, tmp_path_factory) -> Datasets:
    """A public dataset with real and hostile measurements, and a private one."""
    folder = tmp_path_factory.mktemp("uploads")
    hostile = write_measurement(
        folder / HOSTILE,
        events=60,
        fluorescence=True,
        metadata={"experiment:sample": PAYLOAD, "setup:chip identifier": PAYLOAD},
        logs={"<script>window.hacked=1<\u2044script>": [PAYLOAD], "plain": ["one", "two"]},
        tables={"<img src=x onerror=window.hacked=1>": {"<b>a": [1.0, 2.0]}, "plain": COLUMNS},
    )
    real = [shutil.copy(DATA / name, folder) for name in REAL if (DATA / name).exists()]
    paths = [hostile, *(folder / name.name for name in map(type(folder), real))]
    said = {"sp:chip:comments": PAYLOAD}
    return Datasets(
        public=upload(served, paths, private=False, **said),
        private=upload(served, paths[:1], private=True, **said),
    )


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator[Callable[..., Opened]]:
    """Opens pages of the instance; ``login=True`` signs in as their owner first."""
    contexts, complaints = [], []

    def open_page(path: str, *, login: bool = False, ready: bool = True, **context) -> Opened:
        size = {"viewport": {"width": 1280, "height": 1000}}
        contexts.append(chromium.new_context(**(size | context)))
        opened = Opened(contexts[-1].new_page(), served, complaints)
        if login:
            opened.go("/user/login", ready=False)
            opened.find("input[name=login]").fill("alice")
            opened.find("input[name=password]").fill("correct-horse-2")
            opened.find("input[name=password]").press("Enter")
            opened.page.wait_for_url(lambda url: "login" not in url)
        opened.go(path, ready=ready)
        return opened

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
