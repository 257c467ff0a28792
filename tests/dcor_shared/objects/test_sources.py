"""Random access to an object: right bytes, few requests, one version of the object."""

from __future__ import annotations

import random

import h5py
import numpy as np
import pytest

from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.errors import ObjectChangedError
from dcor_shared.objects.names import ObjectName
from dcor_shared.objects.sources import RangeSource
from dcor_shared.objects.store import require

from .uploads import some_bytes

MIB = 2**20


@pytest.fixture
def make_source(store, circle_id):
    """Puts bytes into the store and opens them."""

    def make(data: bytes) -> RangeSource:
        name = ObjectName(ensure_bucket(store, circle_id), "resource/abc/def/0")
        store.client.put_object(Bucket=name.bucket, Key=name.key, Body=data)
        found = require(store, name)
        return RangeSource(store, name, found.size, found.etag)

    return make


def test_every_range_has_the_right_bytes(make_source):
    data = some_bytes(3 * MIB + 17)
    source = make_source(data)
    chance = random.Random(2)  # noqa: S311
    for _ in range(200):
        start = chance.randrange(len(data))
        stop = start + chance.choice([0, 1, 100, 300_000, 2 * MIB, 9 * MIB])
        assert source.read(start, stop) == data[start:stop]


def test_more_than_is_kept_is_read_in_one_request(make_source):
    data = some_bytes(40 * MIB)
    source = make_source(data)
    assert source.read(5, 35 * MIB) == data[5 : 35 * MIB]
    assert source.requests == 1


def test_reading_again_costs_no_request(make_source):
    source = make_source(bytes(MIB))
    source.read(0, 1000)
    source.read(500, 2000)
    assert source.requests == 1


def test_reading_in_order_takes_few_requests(make_source):
    data = some_bytes(16 * MIB)
    source = make_source(data)
    step = 16 * 1024
    assert b"".join(source.read(at, at + step) for at in range(0, len(data), step)) == data
    assert source.requests <= 10
    assert source.bytes_read == len(data)


def test_jumping_around_reads_little(make_source):
    source = make_source(bytes(32 * MIB))
    for at in (0, 20 * MIB, 5 * MIB, 30 * MIB):
        source.read(at, at + 100)
    assert source.bytes_read <= 2 * MIB


def test_nothing_is_read_from_an_empty_object(make_source):
    source = make_source(b"")
    assert source.read(0, 10) == b""
    assert source.requests == 0


def test_an_object_that_was_replaced_is_not_read(make_source):
    source = make_source(bytes(MIB))
    make_source(bytes(MIB - 1) + b"x")
    with pytest.raises(ObjectChangedError):
        source.read(0, 100)


def test_the_structure_of_a_large_file_is_read_in_few_requests(make_source, tmp_path):
    path = tmp_path / "large.h5"
    with h5py.File(path, "w") as h5:
        h5.attrs["experiment:date"] = "2026-11-21"
        for index in range(40):
            h5[f"events/feature_{index}"] = np.arange(20_000, dtype=float)
        images = np.zeros((500, 80, 250), np.uint8)
        h5.create_dataset("events/image", data=images, chunks=(1, 80, 250))
    source = make_source(path.read_bytes())
    with h5py.File(_FileLike(source), "r") as h5:
        assert len(h5["events"]) == 41
        assert all(h5["events"][name].shape for name in h5["events"])
    assert source.requests < 25


class _FileLike:
    """What h5py needs of a file."""

    def __init__(self, source: RangeSource) -> None:
        self._source, self._at = source, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._source.size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:
        data = self._source.read(self._at, self._at + len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        stop = self._source.size if size < 0 else self._at + size
        data = self._source.read(self._at, stop)
        self._at += len(data)
        return data
