"""What tests of descriptions do again and again."""

from __future__ import annotations

import json

from dcor_shared.measurement.description import Description, describe
from dcor_shared.measurement.sources import FileSource

REAL = ["calibration_beads_47", "cytoshot_blood", "blood_rbc_leukocytes"]


class CountingSource(FileSource):
    bytes_read = 0
    reads = 0

    def read(self, start: int, stop: int) -> bytes:
        self.reads += 1
        self.bytes_read += stop - start
        return super().read(start, stop)


def look_at(path) -> Description:
    described = describe(FileSource(path), name=path.name)
    json.dumps(described.to_json(), allow_nan=False)
    return described
