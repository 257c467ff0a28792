"""Large measurements are condensed by several processes, with the same result."""

from __future__ import annotations

from itertools import pairwise

import h5py
import numpy as np
import pytest

import dcor_shared.testing.misbehaviour  # noqa: F401 - makes its tasks known
from dcor_shared.measurement import condensing_parts, sandbox
from dcor_shared.measurement.condensed.parts import BadPartError, Part, read_parts, write_part
from dcor_shared.measurement.condensing import CondenseRequest, condense
from dcor_shared.measurement.errors import (
    ExternalLinkError,
    NoEventsError,
    SandboxCrashError,
    SandboxMemoryError,
    SandboxTimeoutError,
)
from dcor_shared.testing.measurements import write_measurement

ID = "fb719fb2-bd9f-817a-7d70-f4002af916f0"
REQUEST = CondenseRequest(ID, "beads.rtdc", "https://dcor.example.org", "https://s3.example.org/x")


@pytest.fixture
def divided(monkeypatch):
    """Even small measurements are divided among processes."""
    monkeypatch.setattr(condensing_parts, "SMALL_BYTES", 0)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_measurement(tmp_path_factory.mktemp("parts") / "cells.rtdc", events=700)


def test_the_result_does_not_depend_on_the_number_of_processes(written, tmp_path, monkeypatch):
    monkeypatch.setattr(condensing_parts, "SMALL_BYTES", 2**40)
    one = condense(written, tmp_path / "one.rtdc", REQUEST)
    monkeypatch.setattr(condensing_parts, "SMALL_BYTES", 0)
    several = condense(written, tmp_path / "several.rtdc", REQUEST)
    assert one.features == several.features
    assert one.statistics == several.statistics
    with h5py.File(tmp_path / "one.rtdc") as a, h5py.File(tmp_path / "several.rtdc") as b:
        for name in a["events"]:
            np.testing.assert_array_equal(a["events"][name][:], b["events"][name][:])


def test_slices_begin_and_end_with_chunks(written, tmp_path):
    found = compute_parts(written, tmp_path)
    parts = found.parts
    assert parts[0]["start"] == 0
    assert parts[-1]["stop"] == 700
    for part, following in pairwise(parts):
        assert part["stop"] == following["start"]
        assert part["stop"] % 52 == 0
    assert all(path.stat().st_size for path in found.files)
    assert "volume" in found.planned


def compute_parts(file, folder):
    limits = sandbox.Limits(file_size_bytes=sandbox.GIB)
    return condensing_parts.compute_parts(file, folder, limits)


@pytest.fixture(autouse=True)
def _always_divided(divided):
    """Tests here are about divided work."""


def test_nothing_is_left_behind(written, tmp_path):
    condense(written, tmp_path / "condensed.rtdc", REQUEST)
    assert [path.name for path in tmp_path.iterdir()] == ["condensed.rtdc"]


def test_a_measurement_without_anything_to_compute_has_no_parts(tmp_path):
    path = write_measurement(
        tmp_path / "bare.rtdc", events=5, image=False, mask=False, image_bg=False
    )
    assert compute_parts(path, tmp_path) == condensing_parts.Computed()


@pytest.mark.slow
def test_damaged_images_spoil_only_what_is_computed_from_them(written, tmp_path):
    path = tmp_path / "damaged.rtdc"
    path.write_bytes(written.read_bytes())
    with h5py.File(path) as h5:
        place = h5["events/image"].id.get_chunk_info(3)
    with path.open("r+b") as file:
        file.seek(place.byte_offset)
        file.write(b"\xa5" * place.size)
    summary = condense(path, tmp_path / "condensed.rtdc", REQUEST)
    assert {"volume", "tilt"} <= set(summary.features)
    assert "bright_perc_10" not in summary.features
    assert any("bright_perc_10" in line for line in summary.logs["dclab-condense-warnings"])


def test_a_damaged_stored_feature_is_left_out(written, tmp_path):
    path = tmp_path / "damaged.rtdc"
    path.write_bytes(written.read_bytes())
    with h5py.File(path) as h5:
        place = h5["events/circ"].id.get_chunk_info(0)
    with path.open("r+b") as file:
        file.seek(place.byte_offset)
        file.write(b"\xa5" * place.size)
    summary = condense(path, tmp_path / "condensed.rtdc", REQUEST)
    assert "circ" not in summary.features
    assert any("'circ'" in line for line in summary.logs["dclab-condense-warnings"])


def test_a_hostile_file_is_refused_by_its_name(written, tmp_path):
    path = tmp_path / "hostile.rtdc"
    path.write_bytes(written.read_bytes())
    with h5py.File(path, "a") as h5:
        h5["events/userdef1"] = h5py.ExternalLink("/etc/hostname", "/")
    with pytest.raises(ExternalLinkError):
        condense(path, tmp_path / "condensed.rtdc", REQUEST)


def test_time_is_limited_for_all_processes_together(written, tmp_path):
    limits = sandbox.Limits(seconds=0.001, file_size_bytes=sandbox.GIB)
    with pytest.raises(SandboxTimeoutError):
        condense(written, tmp_path / "condensed.rtdc", REQUEST, limits)


def test_processes_share_the_memory(written, tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(condensing_parts, "_cores", lambda: 3)
    call = sandbox.call

    def note(task, *args, limits, **kwargs):
        given.append(limits.memory_bytes)
        return call(task, *args, limits=limits, **kwargs)

    monkeypatch.setattr(condensing_parts.sandbox, "call", note)
    limits = sandbox.Limits(memory_bytes=6 * sandbox.GIB, file_size_bytes=sandbox.GIB)
    condensing_parts.compute_parts(written, tmp_path, limits)
    assert set(given) == {2 * sandbox.GIB}


def test_what_needs_more_than_its_share_is_left_to_one_process(written, tmp_path, monkeypatch):
    call = sandbox.call

    def fail(task, *args, **kwargs):
        if task == "compute-features":
            raise SandboxMemoryError("too large")
        return call(task, *args, **kwargs)

    monkeypatch.setattr(condensing_parts.sandbox, "call", fail)
    summary = condense(written, tmp_path / "condensed.rtdc", REQUEST)
    assert {"volume", "tilt"} <= set(summary.features)


def test_one_failure_ends_the_processes_of_the_others(tmp_path):
    """The first slice would sleep for ever; the second one fails."""
    together = sandbox.Together()
    tasks = ["misbehave-sleep", "misbehave-refuse"]

    def compute(events, _path):
        return sandbox.call(tasks[events[0]], {"text": "no events"}, together=together)

    slices = [(0, 1), (1, 2)]
    with pytest.raises(NoEventsError):
        condensing_parts._in_parallel(compute, slices, [tmp_path] * 2, together)
    with pytest.raises(SandboxCrashError):
        sandbox.call("misbehave-sleep", together=together)


# files of parts


def part_of(tmp_path, start, stop, **arrays):
    path = tmp_path / f"part-{start}"
    features = write_part(path, arrays)
    return Part.from_json({"start": start, "stop": stop, "features": features}), path


def test_parts_are_put_together(tmp_path):
    given = [
        part_of(tmp_path, 0, 2, a=np.array([1.0, 2.0]), b=np.array([5, 6], dtype="f4")),
        part_of(tmp_path, 2, 3, a=np.array([3.0]), b=np.array([7], dtype="f4")),
    ]
    arrays = read_parts(*zip(*given, strict=True), 3)
    assert arrays["a"].tolist() == [1, 2, 3]
    assert arrays["b"].tolist() == [5, 6, 7]
    assert arrays["b"].dtype == np.float32


def test_only_features_that_every_part_has_are_taken(tmp_path):
    given = [
        part_of(tmp_path, 0, 1, a=np.ones(1), b=np.ones(1)),
        part_of(tmp_path, 1, 2, b=np.zeros(1)),
    ]
    assert list(read_parts(*zip(*given, strict=True), 2)) == ["b"]


def test_parts_that_do_not_fit_are_refused(tmp_path):
    first, path = part_of(tmp_path, 0, 2, a=np.ones(2))
    with pytest.raises(BadPartError, match="all events"):
        read_parts([first], [path], 3)
    with pytest.raises(BadPartError, match="follow"):
        read_parts([Part(1, 3, first.features)], [path], 3)
    with pytest.raises(BadPartError, match="length"):
        read_parts([Part(0, 3, first.features)], [path], 3)
    with pytest.raises(BadPartError, match="type"):
        Part.from_json({"start": 0, "stop": 1, "features": [["a", "O"]]})
