"""Single events, read by range: what the file holds, and nothing about anybody else's."""

from __future__ import annotations

import io
from functools import partial

import h5py
import hdf5plugin  # noqa: F401 - real measurements are compressed with Zstandard
import numpy as np
import pytest
from PIL import Image

from dcor_shared.measurement.errors import NoPictureError, NoSuchEventError
from dcor_shared.measurement.overview import container
from dcor_shared.measurement.overview.events import EventReader, EventSource, TooBusyError
from dcor_shared.measurement.sources import FileSource
from dcor_shared.testing.measurements import write_measurement


@pytest.fixture
def reader():
    made = EventReader(most=2)
    yield made
    made.close()


def source_of(path) -> EventSource:
    return EventSource(str(path), lambda: FileSource(path))


@pytest.fixture
def beads(real):
    path = real("calibration_beads_47.rtdc")
    with h5py.File(path) as h5:
        yield source_of(path), h5


def picture(data) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def test_values_are_those_of_the_file(reader, beads):
    source, h5 = beads
    values = reader.ask(source, ask="values", index=5)
    assert values["deform"] == h5["events/deform"][5]
    assert values["fl1_max"] == h5["events/fl1_max"][5]
    assert "image" not in values


def test_pictures_are_those_of_the_file(reader, beads):
    source, h5 = beads
    image = reader.ask(source, ask="picture", index=7, kind="image")
    np.testing.assert_array_equal(picture(image), h5["events/image"][7])
    mask = reader.ask(source, ask="picture", index=7, kind="mask")
    assert Image.open(io.BytesIO(mask)).mode == "1"
    np.testing.assert_array_equal(picture(mask), h5["events/mask"][7] > 0)


def test_a_picture_that_is_not_there(reader, beads):
    with pytest.raises(NoPictureError):
        reader.ask(beads[0], ask="picture", index=7, kind="background")


def test_everything_at_once(reader, beads):
    source, h5 = beads
    data = reader.ask(source, ask="event", index=46)
    header = container.read_header(data)
    assert header["kind"] == "event"
    assert header["sample_rate"] == 312500
    assert header["background"] is None
    np.testing.assert_array_equal(
        picture(container.read_block(data, header["image"])), h5["events/image"][46]
    )
    traces = {trace["name"]: container.read_array(data, trace) for trace in header["traces"]}
    np.testing.assert_array_equal(traces["fl1_raw"], h5["events/trace/fl1_raw"][46])
    assert {note["code"] for note in header["missing"]} == {"no-backgrounds"}


def test_the_outline_surrounds_the_mask(reader, beads):
    source, h5 = beads
    outline = np.array(reader.ask(source, ask="facts", index=3)["contour"])
    inside = np.argwhere(h5["events/mask"][3] > 0)
    assert outline[:, 0].min() == inside[:, 1].min()
    assert outline[:, 1].max() == inside[:, 0].max()


def test_batches_keep_their_order(reader, beads):
    source, _ = beads
    data = reader.ask(source, ask="sprites", indices=[40, 3, 11])
    header = container.read_header(data)
    (sheet,) = header["sprites"]["sheets"]
    assert sheet["events"] == [40, 3, 11]


@pytest.mark.parametrize("index", [-1, 47, 10**15])
def test_events_that_do_not_exist(reader, beads, index):
    with pytest.raises(NoSuchEventError):
        reader.ask(beads[0], ask="facts", index=index)


def test_no_images_at_all(reader, tmp_path):
    path = write_measurement(tmp_path / "m.rtdc", events=5, image=False, mask=False, image_bg=False)
    data = reader.ask(source_of(path), ask="event", index=1)
    header = container.read_header(data)
    assert header["image"] is header["mask"] is header["contour"] is None
    sprites = container.read_header(reader.ask(source_of(path), ask="sprites", indices=[1]))
    assert sprites["sprites"]["missing"]["code"] == "no-images"


def test_empty_mask_has_no_outline(reader, tmp_path):
    path = write_measurement(tmp_path / "m.rtdc", events=5)
    with h5py.File(path, "a") as h5:
        h5["events/mask"][2] = 0
    assert reader.ask(source_of(path), ask="facts", index=2)["contour"] is None


def test_stored_outlines_are_used_where_there_are_no_masks(reader, tmp_path):
    path = write_measurement(tmp_path / "m.rtdc", events=5, mask=False, contour=True)
    with h5py.File(path) as h5:
        expected = h5["events/contour/3"][:].tolist()
    assert reader.ask(source_of(path), ask="facts", index=3)["contour"] == expected


def test_values_that_are_no_numbers_are_null(reader, tmp_path):
    path = write_measurement(tmp_path / "m.rtdc", events=5)
    with h5py.File(path, "a") as h5:
        h5["events/deform"][2] = np.inf
    assert reader.ask(source_of(path), ask="values", index=2)["deform"] is None


def test_places_in_another_measurement(reader, tmp_path):
    path = write_measurement(tmp_path / "m.rtdc", events=5)
    with h5py.File(path, "a") as h5:
        h5["events/basinmap3"] = np.array([4.0, 8, np.nan, 16, 23])
    ask = partial(reader.ask, source_of(path), ask="places")
    assert ask(indices=[3, 2, 0], mapping="basinmap3") == [16, None, 4]
    assert ask(indices=[3, 2], mapping="basinmap4") == [None, None]
    with pytest.raises(NoSuchEventError):
        ask(indices=[5], mapping="basinmap3")


def test_events_are_called_by_the_numbers_they_have_where_they_are_looked_at(reader, beads):
    source, h5 = beads
    asked = {"index": 2, "place": 6, "event_count": 10}
    facts = reader.ask(source, ask="facts", **asked)
    assert (facts["index"], facts["event_count"]) == (2, 10)
    assert facts["contour"] == reader.ask(source, ask="facts", index=6)["contour"]
    event = reader.ask(source, ask="event", **asked)
    header = container.read_header(event)
    assert (header["index"], header["event_count"]) == (2, 10)
    shown = picture(container.read_block(event, header["image"]))
    np.testing.assert_array_equal(shown, h5["events/image"][6])


def test_batches_are_called_by_own_numbers_although_some_cannot_be_read(reader, beads):
    source, _ = beads
    places = [18, None, 10**12, 6, 6]
    data = reader.ask(source, ask="sprites", indices=[6, 1, 3, 2, 4], places=places)
    (sheet,) = container.read_header(data)["sprites"]["sheets"]
    assert sheet["events"] == [6, 2, 4]
    assert sheet["boxes"] == [box_of(reader, source, place) for place in (18, 6, 6)]


def test_a_mapping_that_leads_beyond_the_end(reader, beads):
    with pytest.raises(NoPictureError, match="Event 2 is said"):
        reader.ask(beads[0], ask="picture", kind="image", index=2, place=47)


def box_of(reader, source, index):
    data = reader.ask(source, ask="sprites", indices=[index])
    (sheet,) = container.read_header(data)["sprites"]["sheets"]
    return sheet["boxes"][0]


def test_the_session_asked_longest_ago_makes_room(reader, tmp_path):
    paths = [write_measurement(tmp_path / f"{number}.rtdc", events=3) for number in range(3)]
    for path in paths:
        reader.ask(source_of(path), ask="facts", index=0)
    assert list(reader._sessions) == [str(path) for path in paths[1:]]
    assert reader.ask(source_of(paths[0]), ask="facts", index=1)["index"] == 1


def test_sessions_that_answer_somebody_are_left_alone(reader, small, three):
    reader.ask(source_of(small), ask="facts", index=0)
    reader.ask(source_of(three), ask="facts", index=0)
    reader._asking.update({str(small): 1, str(three): 1})
    with pytest.raises(TooBusyError):
        reader.ask(EventSource("another", lambda: FileSource(small)), ask="facts", index=0)


def test_a_session_that_ended_is_opened_again(reader, small):
    source = source_of(small)
    reader.ask(source, ask="facts", index=0)
    reader._sessions[str(small)].close()
    assert reader.ask(source, ask="facts", index=1)["index"] == 1


def test_a_closed_reader_opens_nothing(small):
    reader = EventReader(most=1)
    reader.close()
    with pytest.raises(TooBusyError):
        reader.ask(source_of(small), ask="facts", index=0)
