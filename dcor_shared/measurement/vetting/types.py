"""Types of data: numbers, text and tables of both; nothing that points elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.measurement.errors import DataTypeError

if TYPE_CHECKING:
    from h5py.h5t import TypeID

#: Columns of a table.
_MEMBERS = 4096


def check_type(kind: TypeID, where: str, *, nested: bool = False) -> None:
    """Refuse references, opaque data, committed types and whatever else no measurement needs.

    Raises
    ------
    DataTypeError
        If the type is not allowed.
    """
    from h5py import h5t

    if kind.committed():
        raise DataTypeError(f"{where} has a type that is stored elsewhere in the file.")
    category = kind.get_class()
    if category in {h5t.INTEGER, h5t.FLOAT, h5t.STRING}:
        return
    if category == h5t.ENUM:
        check_type(kind.get_super(), where, nested=True)
    elif category == h5t.COMPOUND and not nested:
        _check_members(kind, where)
    else:
        raise DataTypeError(
            f"{where} has a type that is not allowed: numbers, text and tables of them are."
        )


def has_variable_text(kind: TypeID) -> bool:
    """Whether the elements are text of variable length, kept elsewhere in the file."""
    from h5py import h5t

    if kind.get_class() == h5t.STRING:
        return bool(kind.is_variable_str())
    if kind.get_class() == h5t.COMPOUND:
        members = range(kind.get_nmembers())
        return any(has_variable_text(kind.get_member_type(index)) for index in members)
    return False


def _check_members(kind: TypeID, where: str) -> None:
    if kind.get_nmembers() > _MEMBERS:
        raise DataTypeError(f"{where} has more than {_MEMBERS} columns.")
    for index in range(kind.get_nmembers()):
        check_type(kind.get_member_type(index), where, nested=True)
