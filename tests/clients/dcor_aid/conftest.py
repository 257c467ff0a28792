"""Unmodified DCOR-Aid, connected to a served instance.

DCOR-Aid reads the reason phrases and the error texts of answers; so both are part of the contract.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from dcoraid import CKANAPI
from dcoraid.api import (
    dataset_create,
)

from dcor_shared.testing.measurements import write_measurement
from tests.clients.dcor_aid.acting import (
    EVENTS,
    Published,
    connected,
    described,
    new_user,
    unique,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.harness.served import Served


@pytest.fixture(scope="package", autouse=True)
def connections_are_collected_here() -> Iterator[None]:
    """Tests of other modules treat the warnings about them as errors."""
    yield
    gc.collect()


@pytest.fixture(scope="package")
def api(served: Served) -> CKANAPI:
    return connected(served)


@pytest.fixture(scope="package")
def connect_other(served: Served) -> Callable[[], CKANAPI]:
    """Connects a user whom nobody knows yet."""
    return lambda: CKANAPI(served.url, api_key=new_user(served)["token"])


@pytest.fixture(scope="package")
def circle(api: CKANAPI) -> str:
    """Name of a circle for all tests of DCOR-Aid."""
    return api.post("organization_create", {"name": unique("circle")})["name"]


@pytest.fixture(scope="package")
def path(tmp_path_factory) -> Path:
    return write_measurement(tmp_path_factory.mktemp("data") / "cells.rtdc", events=EVENTS)


@pytest.fixture(scope="package")
def published(api: CKANAPI, circle: str, path: Path) -> Published:
    created = dataset_create(described(circle), api, resources=[path], activate=True)
    return Published(api.get("package_show", id=created["id"]), path)


@pytest.fixture
def draft(api: CKANAPI, circle: str) -> str:
    """Id of a new draft."""
    return dataset_create(described(circle), api)["id"]
