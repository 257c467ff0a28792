"""Memory of a web process: values that are expensive to make, as many as fit into a given space."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator


class BoundedCache:
    """Values by key; the ones that were not used for longest make room for others.

    Keys must say everything that a value depends on (etags, versions): nothing is invalidated.
    While one thread makes a value, others that want the same one wait for it.

    Parameters
    ----------
    limit
        Gives the space [bytes] that all values together may take.
    """

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._making: dict[Hashable, tuple[threading.Lock, int]] = {}

    @property
    def size(self) -> int:
        """Space that is taken [bytes]."""
        return self._size

    def get(self, key: Hashable, make: Callable[[], tuple[Any, int]]) -> Any:
        """The value of a key.

        Parameters
        ----------
        key
            The key.
        make
            Makes the value, and tells its size [bytes]; called only if it is not there.
        """
        found = self._find(key)
        if found is not None:
            return found[0]
        with self._turn(key):
            found = self._find(key)
            if found is None:
                found = make()
                self.put(key, *found)
        return found[0]

    def find(self, key: Hashable) -> Any:
        """The value of a key, None if it is not there."""
        found = self._find(key)
        return None if found is None else found[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Remember a value of this size [bytes], unless it would push out too much."""
        limit = self._limit()
        with self._lock:
            _value, freed = self._values.pop(key, (None, 0))
            self._size -= freed
            if size > limit // 4:
                return
            self._values[key] = (value, size)
            self._size += size
            while self._size > limit:
                _key, (_value, freed) = self._values.popitem(last=False)
                self._size -= freed

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._size = 0

    def _find(self, key: Hashable) -> tuple[Any, int] | None:
        with self._lock:
            found = self._values.get(key)
            if found is not None:
                self._values.move_to_end(key)
            return found

    @contextmanager
    def _turn(self, key: Hashable) -> Iterator[None]:
        """Only one thread at a time for each key."""
        with self._lock:
            turn, users = self._making.get(key, (threading.Lock(), 0))
            self._making[key] = (turn, users + 1)
        try:
            with turn:
                yield
        finally:
            with self._lock:
                turn, users = self._making.pop(key)
                if users > 1:
                    self._making[key] = (turn, users - 1)
