"""Mutants: good files with a few bytes changed, mostly where HDF5 keeps its structure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import h5py

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Structures of HDF5 begin with these; sizes, counts and addresses follow.
_SIGNATURES = (
    b"\x89HDF", b"TREE", b"SNOD", b"HEAP", b"GCOL", b"OHDR", b"OCHK", b"FRHP", b"FHDB", b"FHIB",
    b"BTHD", b"BTLF", b"BTIN", b"EAHD", b"FAHD",
)  # fmt: skip
_NEARBY = 64
_STRUCTURE_SHARE = 0.85
_SEED = 20261121


@dataclass(frozen=True)
class Parent:
    """A good file.

    Attributes
    ----------
    name
        For reports.
    data
        Its bytes.
    structure
        Offsets of bytes that are no measured data: headers, indices, names, attributes.
    signatures
        Offsets at which structures begin.
    """

    name: str
    data: bytes
    structure: tuple[tuple[int, int], ...]
    signatures: tuple[int, ...]

    @classmethod
    def read(cls, path: Path) -> Parent:
        """Read a good file."""
        data = path.read_bytes()
        signatures = sorted(offset for mark in _SIGNATURES for offset in _find(data, mark))
        return cls(path.name, data, tuple(_gaps(path, len(data))), tuple(signatures))


def _find(data: bytes, mark: bytes) -> Iterator[int]:
    place = data.find(mark)
    while place >= 0:
        yield place
        place = data.find(mark, place + 1)


def _gaps(path: Path, size: int) -> Iterator[tuple[int, int]]:
    """What lies between the chunks of data."""
    chunks: list[tuple[int, int]] = []

    def look(_name: str, item: h5py.Dataset | h5py.Group) -> None:
        if isinstance(item, h5py.Dataset) and item.chunks:
            infos = (item.id.get_chunk_info(i) for i in range(item.id.get_num_chunks()))
            chunks.extend((info.byte_offset, info.size) for info in infos)

    with h5py.File(path) as h5:
        h5.visititems(look)
    end = 0
    for offset, length in sorted(chunks):
        if offset > end:
            yield end, offset
        end = max(end, offset + length)
    if end < size:
        yield end, size


def mutant(parents: list[Parent], number: int) -> tuple[str, bytes]:
    """Bytes of a mutant, and how it came about: the same for the same number."""
    chance = random.Random(f"{_SEED}-{number}")  # noqa: S311 - nothing secret
    parent = parents[number % len(parents)]
    data = bytearray(parent.data)
    change = chance.choice(_CHANGES)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        change(data, parent, chance)
    return f"{parent.name}: {change.__name__.strip('_').replace('_', ' ')}", bytes(data)


def _place(parent: Parent, chance: random.Random) -> int:
    if parent.structure and chance.random() < _STRUCTURE_SHARE:
        if parent.signatures and chance.random() < 0.5:
            return min(
                chance.choice(parent.signatures) + chance.randrange(_NEARBY), len(parent.data) - 1
            )
        start, stop = chance.choices(
            parent.structure, [stop - start for start, stop in parent.structure]
        )[0]
        return chance.randrange(start, stop)
    return chance.randrange(len(parent.data))


def _flip_bits(data: bytearray, parent: Parent, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 2, 8))):
        data[_place(parent, chance) % len(data)] ^= 1 << chance.randrange(8)


def _change_a_number(data: bytearray, parent: Parent, chance: random.Random) -> None:
    width = chance.choice((1, 2, 4, 8))
    top = 256**width
    value = chance.choice((0, 1, 2, top - 1, top - 2, top // 2, top // 2 - 1, len(data) % top))
    _overwrite(data, _place(parent, chance), value.to_bytes(width, "little"))


def _count_differently(data: bytearray, parent: Parent, chance: random.Random) -> None:
    place = _place(parent, chance) % len(data)
    data[place] = (data[place] + chance.choice((-16, -4, -1, 1, 4, 16))) % 256


def _overwrite_a_piece(data: bytearray, parent: Parent, chance: random.Random) -> None:
    length = chance.choice((4, 16, 64, 512))
    fill = chance.choice((b"\x00", b"\xff", b"A", None))
    piece = chance.randbytes(length) if fill is None else fill * length
    _overwrite(data, _place(parent, chance), piece)


def _copy_a_piece(data: bytearray, parent: Parent, chance: random.Random) -> None:
    """An object header in the place of another one, an address in the place of a size."""
    length = chance.choice((8, 32, 128, 512))
    start = _place(parent, chance)
    _overwrite(data, _place(parent, chance), bytes(data[start : start + length]))


def _cut_off(data: bytearray, parent: Parent, chance: random.Random) -> None:
    del data[max(_place(parent, chance), 1) :]


def _leave_out(data: bytearray, parent: Parent, chance: random.Random) -> None:
    start = _place(parent, chance)
    del data[start : start + chance.choice((1, 8, 512, 4096))]


def _insert(data: bytearray, parent: Parent, chance: random.Random) -> None:
    start = _place(parent, chance)
    data[start:start] = chance.randbytes(chance.choice((1, 8, 512)))


def _lead_elsewhere(data: bytearray, parent: Parent, chance: random.Random) -> None:
    """An address of a structure in the place of something else."""
    if parent.signatures:
        target = chance.choice(parent.signatures)
        _overwrite(data, _place(parent, chance) & ~7, target.to_bytes(8, "little"))


def _overwrite(data: bytearray, start: int, piece: bytes) -> None:
    start = min(start, max(len(data) - 1, 0))
    piece = piece[: len(data) - start]
    data[start : start + len(piece)] = piece


_CHANGES: tuple[Callable[[bytearray, Parent, random.Random], None], ...] = (
    _flip_bits,
    _flip_bits,
    _change_a_number,
    _change_a_number,
    _change_a_number,
    _count_differently,
    _overwrite_a_piece,
    _copy_a_piece,
    _cut_off,
    _leave_out,
    _insert,
    _lead_elsewhere,
)
