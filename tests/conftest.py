"""Fixtures for all tests, and the markers that follow from them.

A test that uses no fixture from here needs nothing but the core and is part of ``make test-fast``.
"""

from __future__ import annotations

import pytest

from tests.harness import places, quiet

pytest_plugins = ["tests.harness.fixtures"]

#: Fixtures on which the markers depend; everything that uses them, directly or not, is marked.
_MARKERS = {"services": "services", "served": "served", "real": "slow", "real_data": "slow"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for fixture, marker in _MARKERS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Unload CKAN's plugins before CKAN's own hook does, and quietly."""
    if session.config.pluginmanager.hasplugin("ckan"):
        from ckan import plugins

        with quiet.without_plugins():
            plugins.unload_all()


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("services") and not places.SERVICES_FILE.exists():
        pytest.fail(
            "the test services are not running: use `make test` or `python -m tests.harness up`",
            pytrace=False,
        )
