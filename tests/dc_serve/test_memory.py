"""Memory of a web process: bounded, and a value is made once."""

from __future__ import annotations

import threading

import pytest

from ckanext.dc_serve.memory import BoundedCache


@pytest.fixture
def cache():
    return BoundedCache(lambda: 100)


def test_value_is_made_once(cache):
    made = []
    for _ in range(3):
        assert cache.get("key", lambda: (made.append(1) or "value", 10)) == "value"
    assert len(made) == 1


def test_oldest_values_make_room(cache):
    for key in range(6):
        cache.put(key, key, 20)
    assert cache.size == 100
    assert cache.find(0) is None
    assert cache.find(5) == 5


def test_what_was_used_lately_stays(cache):
    for key in range(5):
        cache.put(key, key, 20)
    cache.find(0)
    cache.put(5, 5, 20)
    assert (cache.find(0), cache.find(1)) == (0, None)


def test_what_is_too_large_is_given_but_not_kept(cache):
    assert cache.get("large", lambda: ("value", 26)) == "value"
    assert (cache.find("large"), cache.size) == (None, 0)


def test_new_value_replaces_the_old_one(cache):
    cache.put("key", "old", 20)
    cache.put("key", "new", 10)
    assert (cache.find("key"), cache.size) == ("new", 10)
    cache.put("key", "too large", 90)
    assert (cache.find("key"), cache.size) == (None, 0)


def test_everything_can_be_forgotten(cache):
    cache.put("key", "value", 10)
    cache.clear()
    assert (cache.find("key"), cache.size) == (None, 0)


def test_threads_wait_for_the_one_that_makes_the_value(cache):
    made, everybody, may_end = [], threading.Barrier(5), threading.Event()

    def make():
        made.append(1)
        assert may_end.wait(10)
        return "value", 10

    found = []

    def ask():
        everybody.wait()
        found.append(cache.get("key", make))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    may_end.set()
    for thread in threads:
        thread.join()
    assert (len(made), found) == (1, ["value"] * 5)


def test_failure_is_not_remembered(cache):
    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cache.get("key", fail)
    assert cache.get("key", lambda: ("value", 1)) == "value"
