"""Tables, as clients decode them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.reading.bounds import Budget, members
from dcor_shared.measurement.reading.values import clean, jsonable, size_of

if TYPE_CHECKING:
    import h5py

Table = list[Any]

_MOST_BYTES, _MOST_TABLES = 50 * 1024**2, 1000
_TABLE_RANKS = {1, 2, 3}


class NoTableError(ValueError):
    """A dataset does not hold a table."""


def read_tables(h5file: h5py.File, notes: list[str]) -> dict[str, Table]:
    """All tables that are not empty, within 50 MiB.

    Returns
    -------
    tables
        Name → ``[columns, rows]``. `columns` is None for an unnamed table. The nesting of `rows`
        is that of the file: dclab writes named tables with the shape (N, 1).
    """
    tables: dict[str, Table] = {}
    budget = Budget(_MOST_BYTES)
    for name in members(h5file, "tables", _MOST_TABLES, notes):
        try:
            table = _read(h5file["tables"][name], budget)
        except (NoTableError, OSError, RuntimeError, ValueError, TypeError):
            notes.append(f"The table '{name[:100]}' is left out: it cannot be read as a table.")
            continue
        if table is None:
            notes.append(f"The table '{name[:100]}' is left out: the tables are too large.")
        elif table[1]:
            tables[clean(name)] = table
    return tables


def _read(dataset: h5py.Dataset, budget: Budget) -> Table | None:
    import h5py

    if not isinstance(dataset, h5py.Dataset) or dataset.ndim not in _TABLE_RANKS:
        raise NoTableError("no table")
    columns = dataset.dtype.names
    if dataset.size * dataset.dtype.itemsize > budget.left:
        return None
    rows = jsonable_rows(dataset[()].tolist(), named=columns is not None)
    if not budget.take(size_of(rows)):
        return None
    return [
        None if columns is None else [clean(column) for column in columns],
        rows if dataset.size else [],
    ]


def jsonable_rows(value: Any, *, named: bool) -> Any:
    """Nested rows as JSON; every number of a named table becomes a float.

    Clients reinterpret the bytes of a named table as 64-bit floats, so integers would decode to
    garbage.
    """
    if isinstance(value, (list, tuple)):
        return [jsonable_rows(item, named=named) for item in value]
    plain = jsonable(value)
    if named and isinstance(plain, int):
        return float(plain)
    return plain
