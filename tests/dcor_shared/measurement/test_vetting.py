"""Files that break a rule are refused by name, before anything in them is read."""

from __future__ import annotations

import h5py
import pytest

from dcor_shared.measurement import condensing, sandbox
from dcor_shared.measurement.description import describe
from dcor_shared.measurement.errors import (
    ExternalStorageError,
    MeasurementError,
    SandboxCrashError,
    SandboxTimeoutError,
    TooManyObjectsError,
    UnsafeFileError,
    WrongRankError,
)
from dcor_shared.measurement.overview import making
from dcor_shared.measurement.sources import FileSource
from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5
from dcor_shared.measurement.vetting import VettingLimits, vet
from dcor_shared.measurement.vetting.contours import open_contour
from dcor_shared.testing import hostile
from dcor_shared.testing.measurements import write_measurement

REQUEST = condensing.CondenseRequest(
    "00000000-0000-4000-8000-000000000000", "x.rtdc", "https://dcor.example", "https://s3/x"
)


def by_name(bad: hostile.Hostile) -> str:
    return bad.name.replace(" ", "-")


def test_the_corpus_is_large():
    assert len(hostile.CORPUS) >= 40
    assert len({bad.name for bad in hostile.CORPUS}) == len(hostile.CORPUS)


@pytest.mark.parametrize("bad", hostile.CORPUS, ids=by_name)
def test_hostile_files_are_refused_by_name(bad, three, tmp_path):
    path = hostile.write_hostile(bad, tmp_path / "bad.rtdc", good=three)
    sandbox.warm_up()
    before = sandbox.zygote_pid()
    with pytest.raises(bad.error) as caught:
        describe(FileSource(path), name="bad.rtdc")
    assert caught.value.permanent
    assert str(tmp_path) not in caught.value.text
    assert sandbox.zygote_pid() == before


@pytest.mark.slow
@pytest.mark.parametrize("bad", hostile.CORPUS, ids=by_name)
def test_hostile_files_are_not_condensed(bad, three, tmp_path):
    path = hostile.write_hostile(bad, tmp_path / "bad.rtdc", good=three)
    with pytest.raises(bad.error):
        condensing.condense(path, tmp_path / "out.rtdc", REQUEST)


@pytest.mark.slow
@pytest.mark.parametrize("owner", ["/", "events/deform"])
def test_a_file_that_leads_in_circles_is_given_up(owner, three, tmp_path):
    path = tmp_path / "circle.rtdc"
    path.write_bytes(three.read_bytes())
    hostile.structure.write_circle(path, owner)
    limits = sandbox.Limits(cpu_seconds=2, file_size_bytes=sandbox.GIB)
    with pytest.raises(SandboxTimeoutError) as caught:
        condensing.condense(path, tmp_path / "out.rtdc", REQUEST, limits)
    assert caught.value.permanent


def test_a_small_file_gets_little_computing_time_and_memory(three, tmp_path):
    large = tmp_path / "large.rtdc"
    with large.open("wb") as file:
        file.truncate(10 * sandbox.GIB)
    assert condensing.limits_of(three).cpu_seconds == 120
    assert condensing.limits_of(three).memory_bytes < 2.1 * sandbox.GIB
    assert condensing.limits_of(large) == condensing.CONDENSE_LIMITS
    assert making.limits_of(three).cpu_seconds == 120
    assert making.limits_of(large) == making.OVERVIEW_LIMITS


@pytest.mark.parametrize("name", ["calibration_beads_47", "cytoshot_blood", "blood_rbc_leukocytes"])
def test_real_measurements_pass(name, real):
    with h5py.File(real(f"{name}.rtdc")) as h5:
        vet(h5)


def test_soft_links_to_datasets_of_the_same_file_pass(three, tmp_path):
    path = tmp_path / "linked.rtdc"
    path.write_bytes(three.read_bytes())
    with h5py.File(path, "a") as h5:
        h5["events/userdef1"] = h5py.SoftLink("/events/deform")
        h5["events/userdef2"] = h5py.SoftLink("userdef1")
    assert "userdef2" in describe(FileSource(path), name="linked.rtdc").features


def test_contours_are_vetted_when_they_are_read(tmp_path):
    path = tmp_path / "contours.rtdc"
    with h5py.File(path, "w") as h5:
        for index in range(100):
            h5[f"events/contour/{index}"] = [[1, 2]]
        h5["events/contour/zzz"] = [1]
    with h5py.File(path) as h5:
        vet(h5, VettingLimits(sample=10))
        group = h5["events/contour"].id
        assert open_contour(group, "99").shape == (1, 2)
        with pytest.raises(WrongRankError):
            open_contour(group, "zzz")
        with pytest.raises(KeyError):
            open_contour(group, "missing")


def test_contours_that_dclab_reads_are_vetted_as_well(tmp_path):
    path = write_measurement(tmp_path / "contours.rtdc", events=100, contour=True)
    with h5py.File(path, "a") as h5:
        del h5["events/contour/90"]
        h5["events/contour"].create_dataset(
            "90", shape=(1, 2), dtype="i8", external=[("/etc/hostname", 0, 16)]
        )
    with h5py.File(path) as h5:
        contours = Vetted_HDF5(h5)["contour"]
        assert contours[89].shape[1] == 2
        with pytest.raises(ExternalStorageError):
            contours[90]


def test_contours_are_members_and_no_paths(tmp_path):
    path = write_measurement(tmp_path / "contours.rtdc", events=3, contour=True)
    with h5py.File(path) as h5, pytest.raises(KeyError):
        open_contour(h5["events/contour"].id, "/events/image")


def test_data_in_other_files_are_refused_where_they_are_read_as_well(three, tmp_path):
    path = tmp_path / "external.rtdc"
    path.write_bytes(three.read_bytes())
    with h5py.File(path, "a") as h5:
        del h5["events/area_um"]
        h5["events"].create_dataset(
            "area_um", shape=(3,), dtype="u1", external=[("/etc/hostname", 0, 16)]
        )
    with h5py.File(path) as h5, pytest.raises(ExternalStorageError):
        Vetted_HDF5(h5)["area_um"]


def test_internal_basins_are_in_one_group_only(three, tmp_path):
    definition = (
        '{"type": "internal", "format": "h5dataset", "features": ["userdef1"],'
        ' "mapping": "basinmap0", "paths": ["elsewhere"]}'
    )
    path = tmp_path / "basin.rtdc"
    path.write_bytes(three.read_bytes())
    with h5py.File(path, "a") as h5:
        h5["elsewhere/userdef1"] = [1.0, 2.0]
        h5["events/basinmap0"] = [0, 0, 0]
        h5["basins/x"] = [definition.encode()]
    with h5py.File(path) as h5:
        ds = Vetted_HDF5(h5)
        assert ds.basin_definitions
        assert not ds.basins_get_dicts()
        assert "userdef1" not in ds.features_stored


def test_a_hostile_contour_is_found_while_condensing(tmp_path):
    path = write_measurement(tmp_path / "contours.rtdc", events=100, contour=True)
    with h5py.File(path, "a") as h5:
        del h5["events/contour/90"]
        h5["events/contour"].create_dataset(
            "90", shape=(1, 2), dtype="i8", external=[("/etc/hostname", 0, 16)]
        )
    with pytest.raises(ExternalStorageError):
        condensing.condense(path, tmp_path / "out.rtdc", REQUEST)


def test_links_are_looked_at_even_where_members_are_not(tmp_path):
    path = tmp_path / "contours.rtdc"
    with h5py.File(path, "w") as h5:
        for index in range(100):
            h5[f"events/contour/{index:03}"] = [[1, 2]]
        h5["events/contour/zzz"] = h5py.ExternalLink("other", "/")
    with h5py.File(path) as h5, pytest.raises(UnsafeFileError):
        vet(h5, VettingLimits(whole=False, sample=10))


def test_the_number_of_objects_is_limited(small):
    with h5py.File(small) as h5, pytest.raises(TooManyObjectsError):
        vet(h5, VettingLimits(objects=10))


def test_a_small_file_cannot_take_much_memory(tmp_path, three):
    """One text, referred to a hundred thousand times, is a few kilobytes on disk."""
    path = tmp_path / "multiplied.rtdc"
    path.write_bytes(three.read_bytes())
    with h5py.File(path, "a") as h5:
        layout = h5["logs"].create_dataset("x", (100_000,), dtype=h5py.string_dtype())
        layout[0] = "x" * 10_000
    described = describe(
        FileSource(path), name="x", limits=sandbox.Limits(memory_bytes=300 * sandbox.MIB)
    )
    assert described.event_count == 3


@pytest.mark.slow
def test_damage_anywhere_is_an_error_or_harmless(three, tmp_path):
    """Overwriting 32 bytes at 25 places never ends in anything but a named error or a result."""
    good = three.read_bytes()
    path = tmp_path / "damaged.rtdc"
    for place in range(0, len(good), len(good) // 25):
        path.write_bytes(good[:place] + b"\xa5" * 32 + good[place + 32 :])
        try:
            describe(FileSource(path), name="damaged.rtdc", limits=sandbox.Limits(seconds=20))
        except (SandboxCrashError, SandboxTimeoutError) as error:
            pytest.fail(f"damage at {place}: {error}")
        except MeasurementError:
            continue  # named; a damaged length may well ask for too much memory
