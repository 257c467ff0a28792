"""Types of data: numbers, text and tables of both; nothing that points elsewhere."""

from __future__ import annotations

from functools import cache
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
    if category == h5t.STRING:
        return
    if category in {h5t.INTEGER, h5t.FLOAT}:
        _check_number(kind, where)
    elif category == h5t.ENUM:
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


def _check_number(kind: TypeID, where: str) -> None:
    """Refuse numbers that no processor knows; HDF5 may take for ever to convert them."""
    if kind.encode() in _encoded_numbers():  # most of them, and faster
        return
    if not any(kind.equal(usual) for usual in _usual_numbers()):
        raise DataTypeError(f"{where} has numbers of an unusual kind.")


@cache
def _encoded_numbers() -> frozenset[bytes]:
    return frozenset(kind.encode() for kind in _usual_numbers())


@cache
def _usual_numbers() -> tuple[TypeID, ...]:
    from h5py import h5t

    names = [f"IEEE_F{bits}" for bits in (16, 32, 64)]
    names += [f"STD_{sign}{bits}" for sign in "IU" for bits in (8, 16, 32, 64)]
    return tuple(getattr(h5t, name + order) for name in names for order in ("LE", "BE"))


def _check_members(kind: TypeID, where: str) -> None:
    if kind.get_nmembers() > _MEMBERS:
        raise DataTypeError(f"{where} has more than {_MEMBERS} columns.")
    for index in range(kind.get_nmembers()):
        check_type(kind.get_member_type(index), where, nested=True)
