"""Files that hold what is sent: no process has more of them on the way than it may."""

from __future__ import annotations

import os

import pytest

from ckanext.dc_view import errors, spooling


@pytest.fixture
def few(monkeypatch):
    """One more file, or so many more bytes, are too much."""

    def limit(files=10**6, size=2**40):
        sizes = spooling.on_the_way()
        monkeypatch.setattr(spooling, "MOST_FILES", len(sizes) + files)
        monkeypatch.setattr(spooling, "MOST_BYTES", sum(sizes) + size)

    return limit


@pytest.mark.parametrize("limits", [{"files": 1}, {"size": 1000}])
def test_too_much_on_the_way(few, limits):
    few(**limits)
    with spooling.spooled([b"a" * 1024]) as file:
        file.flush()
        with pytest.raises(errors.BusyError, match="still being sent"):
            spooling.spooled([b"b"])
    spooling.spooled([b"b"]).close()


def test_a_file_that_somebody_else_still_sends_counts(few):
    few(files=1)
    file = spooling.spooled([b"a"])
    other = os.dup(file.fileno())
    file.close()
    with pytest.raises(errors.BusyError):
        spooling.spooled([b"b"])
    os.close(other)
    spooling.spooled([b"b"]).close()


def test_one_file_with_two_descriptors_is_one(few):
    few(files=2)
    with spooling.spooled([b"a"]) as file:
        other = os.dup(file.fileno())
        spooling.spooled([b"b"]).close()
        os.close(other)


def test_nothing_is_left_of_what_was_stopped():
    before = len(spooling.on_the_way())

    def pieces():
        yield b"a"
        raise errors.NoOverviewError

    with pytest.raises(errors.NoOverviewError):
        spooling.spooled(pieces())
    assert len(spooling.on_the_way()) == before


def test_readers_are_told_to_come_again(app, make_measurement, few):
    made = make_measurement()
    few(files=0)
    answer = app.get(made.route("logs.txt?name=hans"))
    assert (answer.status_code, answer.json["error"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"
