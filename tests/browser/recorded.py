"""Real measurements, with the overview that the suite makes of them."""

from __future__ import annotations

import json
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from dclab.definitions import get_config_value_descr

from dcor_shared.measurement.overview.events import EventReader, EventSource
from dcor_shared.measurement.overview.making import make_overview
from dcor_shared.measurement.sources import FileSource

from .markup import CHECKOUT

_SECTION = "experiment:"
DATA = CHECKOUT.parent / "shared" / "data"


class Recorded:
    """A file of the folder with real data, or any other; read as the web process does.

    Attributes
    ----------
    path
        The file.
    name
        Name of the resource.
    metadata
        The answer `metadata.json`, of the section `experiment`.
    """

    def __init__(self, name: str | Path) -> None:
        self.path = DATA / name
        self.name = self.path.name
        if not self.path.exists():
            pytest.skip(f"{self.path} is not there")
        self.metadata = {"sections": [_experiment(self.path)]}
        self._reader = EventReader(most=1)
        self._source = EventSource(str(name), lambda: FileSource(self.path))

    @cached_property
    def bundle(self) -> bytes:
        """The artifact `view`."""
        with tempfile.TemporaryDirectory() as folder:
            made = make_overview(self.path, Path(folder), source_etag="e1", step_version=1)
            return made.view.read_bytes()

    @cached_property
    def header(self) -> dict[str, Any]:
        """The bundle's header."""
        length = int(np.frombuffer(self.bundle[12:16], "<u4")[0])
        return json.loads(self.bundle[16 : 16 + length])

    @property
    def events(self) -> int:
        """Number of events."""
        return self.header["event_count"]

    @property
    def first(self) -> int:
        """Bytes that the first plot needs."""
        return self.header["first"]

    def event(self, index: int) -> bytes:
        """The answer `events/<index>.bin`."""
        return self._reader.ask(self._source, ask="event", index=index)

    def event_values(self, index: int) -> dict[str, float | None]:
        """The values in `events/<index>.json`."""
        return self._reader.ask(self._source, ask="values", index=index)

    def batch(self, indices: list[int]) -> bytes:
        """The answer `events.bin`."""
        return self._reader.ask(self._source, ask="sprites", indices=indices)

    def close(self) -> None:
        """End the reading process."""
        self._reader.close()


def _experiment(path: Path) -> dict[str, Any]:
    with h5py.File(path) as file:
        texts = {key: str(file.attrs[key]) for key in file.attrs if key.startswith(_SECTION)}
    rows = [_row(key.removeprefix(_SECTION), text) for key, text in texts.items()]
    return {"section": "experiment", "title": "Experiment", "rows": rows}


def _row(key: str, text: str) -> dict[str, Any]:
    label = get_config_value_descr("experiment", key)
    return {"key": key, "label": label, "value": text, "text": text, "unit": "", "href": None}
