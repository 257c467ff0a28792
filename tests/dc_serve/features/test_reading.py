"""Reading from the store: few requests, each byte once, the right object only."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from dcor_shared.objects import store as objects
from dcor_shared.objects.errors import ObjectChangedError
from dcor_shared.objects.names import object_name

from ckanext.dc_serve.features import reading
from ckanext.dc_serve.features.columns import Column
from ckanext.dc_serve.features.reading import Place


@pytest.fixture
def place(make_condensed, store, note_record):
    from ckan import model

    from dcor_shared.pipeline import records

    made = make_condensed()
    condensed = records.load(model.Session, made.id).condensed
    name = object_name(store.settings, made.circle_id, made.id, "condensed")
    column = Column.from_json(condensed["columns"]["deform"])
    return Place(store, name, condensed["etag"]), column


@pytest.fixture
def requests(monkeypatch):
    """Ranges that are asked for."""
    seen = []

    def read_range(store, name, start, stop, etag):
        seen.append((start, stop))
        return objects.read_range(store, name, start, stop, etag)

    monkeypatch.setattr(reading, "read_range", read_range)
    return seen


def test_neighbouring_chunks_are_one_request(place, values, requests):
    found = np.frombuffer(reading.values(*place, 0, 3))
    np.testing.assert_array_equal(found, values["deform"])
    assert len(requests) == 1


def test_only_the_chunks_that_are_needed_are_read(place, values, requests):
    where, column = place
    found = np.frombuffer(reading.values(where, column, 1, 2))
    np.testing.assert_array_equal(found, values["deform"][300:900])
    assert requests == [(column.chunks[1][0], sum(column.chunks[2]))]


def test_second_reading_comes_from_memory(place, requests):
    assert reading.values(*place, 0, 3) == reading.values(*place, 0, 3)
    assert len(requests) == 1


def test_another_object_is_never_read(place):
    where, column = place
    with pytest.raises(ObjectChangedError):
        reading.values(Place(where.store, where.name, "0" * 32), column, 0, 0)


def test_storm_of_requests_is_one_load(place, monkeypatch):
    seen, everybody = [], threading.Barrier(8)

    def slow(store, name, start, stop, etag):
        seen.append(start)
        time.sleep(0.1)
        return objects.read_range(store, name, start, stop, etag)

    monkeypatch.setattr(reading, "read_range", slow)
    found = []

    def ask():
        everybody.wait()
        found.append(reading.values(*place, 0, 3))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1
    assert len(found) == 8
    assert len(set(found)) == 1
