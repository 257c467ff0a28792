"""Files can be downloaded and opened, by those who may."""

from __future__ import annotations

import dclab
import numpy as np
import pytest
import requests

from tests.clients.remote_dclab.acting import opened


@pytest.mark.parametrize("kind", ["public", "private"])
def test_condensed_file_can_be_downloaded_and_opened(request, served, local, tmp_path, kind):
    uploaded = request.getfixturevalue(kind)
    headers = served.person.headers if kind == "private" else {}
    url = f"{served.url}/dataset/{uploaded.dataset}/resource/{uploaded.id}/condensed.rtdc"
    answer = requests.get(url, headers=headers, timeout=60)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cells_condensed.rtdc"'
    path = tmp_path / "cells_condensed.rtdc"
    path.write_bytes(answer.content)
    with dclab.new_dataset(path) as ds:
        assert {"deform", "volume"} <= set(ds.features_innate)
        assert "image" not in ds.features_innate
        np.testing.assert_allclose(ds["volume"][:], local["volume"][:], rtol=1e-6)


def test_private_files_are_not_there_for_others(private, served):
    base = f"{served.url}/dataset/{private.dataset}/resource/{private.id}"
    for kind in ("condensed.rtdc", "download/cells.rtdc"):
        answer = requests.get(f"{base}/{kind}", timeout=60, allow_redirects=False)
        assert answer.status_code == 404


def test_downloaded_original_is_the_file(public, served):
    url = f"{served.url}/dataset/{public.dataset}/resource/{public.id}/download/cells.rtdc"
    answer = requests.get(url, headers=served.person.headers, timeout=60)
    assert answer.content == public.path.read_bytes()


def test_public_basin_opens_as_a_file(public, local):
    with opened(public) as ds:
        (url,) = ds.basins_get_dicts()[1]["urls"]
    with dclab.new_dataset(url) as ds:
        np.testing.assert_array_equal(ds["deform"][:], local["deform"][:])
