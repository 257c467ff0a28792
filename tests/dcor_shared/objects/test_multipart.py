"""ETags of objects that were uploaded in parts."""

from __future__ import annotations

import pytest

from dcor_shared.objects.multipart import ETagHash, combined_etag, part_length

from .uploads import md5, some_bytes


@pytest.mark.parametrize("pieces", [1, 7, 100, 1000])
@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_the_etag_does_not_depend_on_how_the_bytes_arrive(count, pieces):
    data = some_bytes(1000)
    length = part_length(len(data), count)
    parts = [data[at : at + length] for at in range(0, len(data), length)]
    etag = combined_etag([md5(part) for part in parts])
    found = ETagHash.like(etag, len(data))
    for at in range(0, len(data), pieces):
        found.update(data[at : at + pieces])
    assert found.etag() == etag


def test_the_etag_of_a_single_upload_is_the_md5_of_its_bytes():
    found = ETagHash.like(md5(b"ab"), 2)
    found.update(b"a")
    found.update(b"b")
    assert found.etag() == md5(b"ab")


def test_parts_are_cut_like_clients_do():
    assert part_length(2**30 + 5, 2) == 536_870_915
