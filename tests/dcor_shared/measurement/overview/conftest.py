"""Overviews made of measurements, read back as a browser would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from dcor_shared.measurement.condensing import CondenseRequest, condense
from dcor_shared.measurement.overview import container
from dcor_shared.measurement.overview.making import make_overview

if TYPE_CHECKING:
    from pathlib import Path

    from dcor_shared.measurement.overview.making import OverviewSummary

REQUEST = CondenseRequest(
    "fb719fb2-bd9f-817a-7d70-f4002af916f0", "x.rtdc", "https://d.example.org", "https://s.example"
)


@dataclass(frozen=True)
class Made:
    """An overview, taken apart."""

    data: bytes
    header: dict[str, Any]
    summary: OverviewSummary
    preview: bytes | None

    def array(self, block):
        return container.read_array(self.data, block)

    def column(self, name):
        return self.array(self.feature(name))

    def feature(self, name) -> dict[str, Any]:
        (found,) = [feature for feature in self.header["features"] if feature["name"] == name]
        return found

    @property
    def names(self) -> list[str]:
        return [feature["name"] for feature in self.header["features"]]

    @property
    def codes(self) -> set[str]:
        return {note["code"] for note in self.header["notes"]}

    @property
    def statistics(self) -> dict[str, Any]:
        return json.loads(container.read_block(self.data, self.header["statistics"]))


@pytest.fixture
def overview(tmp_path):
    """Makes the overview of a file; with its condensed file if `condensed`."""

    def make(path: Path, *, condensed: bool = False, **more) -> Made:
        copy = tmp_path / "condensed.rtdc" if condensed else None
        if copy is not None:
            condense(path, copy, REQUEST)
        made = make_overview(
            path, tmp_path, source_etag="e", step_version=1, condensed=copy, **more
        )
        data = made.view.read_bytes()
        preview = made.preview and made.preview.read_bytes()
        return Made(data, container.read_header(data), made.summary, preview)

    return make
