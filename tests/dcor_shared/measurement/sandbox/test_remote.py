"""The sandboxed task reads remote bytes through its parent, who believes nothing."""

from __future__ import annotations

import pytest

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.errors import (
    SandboxCrashError,
    SandboxSourceError,
    SandboxTimeoutError,
)

MIB = 1024**2


class Bytes:
    """A byte source that remembers what was asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)
        self.asked: list[tuple[int, int]] = []

    def read(self, start: int, stop: int) -> bytes:
        self.asked.append((start, stop))
        return self.data[start:stop]


class BrokenStoreError(Exception):
    pass


class Broken(Bytes):
    def read(self, start: int, stop: int) -> bytes:
        raise BrokenStoreError("the store does not answer")


def read(source, *ranges, **kwargs):
    return sandbox.call("misbehave-read_source", {"ranges": ranges}, source=source, **kwargs)


@pytest.fixture(scope="module")
def data() -> bytes:
    return bytes(range(251)) * 50_000


def test_the_right_bytes_arrive(data):
    ranges = [(0, 10), (MIB - 5, MIB + 5), (len(data) - 3, len(data) + 100), (0, len(data))]
    assert read(Bytes(data), *ranges) == [sum(data[start:stop]) for start, stop in ranges]


def test_nothing_comes_after_the_end(data):
    assert read(Bytes(data), (len(data) + 1, len(data) + 5)) == [0]


def test_small_reads_are_answered_from_blocks(data):
    source = Bytes(data)
    read(source, *((start, start + 100) for start in range(0, 200_000, 1000)))
    assert source.asked == [(0, 262144)]


def test_reading_in_order_looks_ahead(data):
    source = Bytes(data)
    read(source, *((start, start + 1000) for start in range(0, 8 * MIB, 100_000)))
    assert len(source.asked) < 8


def test_large_reads_are_not_cut_into_blocks(data):
    source = Bytes(data)
    read(source, (1, 1 + 8 * MIB))
    assert source.asked == [(1, 1 + 8 * MIB)]


def test_errors_of_the_source_are_raised_unchanged(data):
    with pytest.raises(BrokenStoreError, match="does not answer"):
        read(Broken(data), (0, 10))


def test_a_process_that_does_not_listen_takes_too_long(data):
    arguments = {"size": 8 * MIB}
    with pytest.raises(SandboxTimeoutError, match=r"longer than the 0\.5 s"):
        sandbox.call(
            "misbehave-ask_and_not_listen",
            arguments,
            source=Bytes(data),
            limits=sandbox.Limits(seconds=0.5),
        )


def test_the_bytes_that_may_be_fetched_are_limited(data):
    with pytest.raises(SandboxSourceError):
        read(Bytes(data), (0, 4 * MIB), limits=sandbox.Limits(source_bytes=MIB))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "[]",
        "null",
        "[" * 100_000,
        '{"read": [0, 1e3]}',
        '{"read": [-1, 5]}',
        '{"read": [5, 1]}',
        '{"read": [0, 99999999999]}',
        '{"read": [true, false]}',
        '{"read": "all"}',
        '{"error": "SystemExit", "text": "out"}',
        "{}",
    ],
)
def test_lies_end_the_call(data, text):
    with pytest.raises(SandboxCrashError):
        sandbox.call("misbehave-lie", {"text": text}, source=Bytes(data))
