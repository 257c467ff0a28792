"""A site whose requests may wait."""

from __future__ import annotations

import pytest

from tests.dc_serve.waiting.sites import Site, wait_until_empty


@pytest.fixture
def site(ckan):
    site = Site()
    yield site
    site.knows.set()
    wait_until_empty()
    for client in site.server.clients:
        client.close()
