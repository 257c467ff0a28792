"""DCOR-Aid: what was uploaded comes back."""

from __future__ import annotations

import hashlib

import pytest
from dcoraid.api import (
    APIAuthorizationError,
)
from dcoraid.download import DownloadJob

from tests.clients.dcor_aid.acting import (
    EVENTS,
    downloaded,
    wait_for_sha256,
)

# DCOR-Aid leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


# downloads


def test_original_is_downloaded_and_verified(api, published, tmp_path):
    digest = wait_for_sha256(api, published.resource)
    job = downloaded(DownloadJob(api, published.resource, tmp_path))
    assert job.path == tmp_path / published.dataset["name"] / "cells.rtdc"
    assert job.path.read_bytes() == published.path.read_bytes()
    assert job.sha256sum_dl == digest == hashlib.sha256(job.path.read_bytes()).hexdigest()


def test_interrupted_download_is_resumed(api, published, tmp_path):
    wait_for_sha256(api, published.resource)
    content = published.path.read_bytes()
    (tmp_path / "cells.rtdc~").write_bytes(content[:1000])
    job = downloaded(DownloadJob(api, published.resource, tmp_path / "cells.rtdc"))
    assert job.file_bytes_downloaded == len(content) - 1000
    assert job.path.read_bytes() == content


def test_condensed_file_is_there_when_the_hash_is(api, published, tmp_path):
    import dclab

    wait_for_sha256(api, published.resource)
    job = downloaded(DownloadJob(api, published.resource, tmp_path, condensed=True))
    assert job.path.name == "cells_condensed.rtdc"
    with dclab.new_dataset(job.path) as ds:
        assert len(ds) == EVENTS
        assert "volume" in ds.features_innate


def test_private_resource_is_not_downloaded_by_strangers(published, connect_other, tmp_path):
    with pytest.raises(APIAuthorizationError):
        downloaded(DownloadJob(connect_other(), published.resource, tmp_path))
