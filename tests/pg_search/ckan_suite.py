"""Lets CKAN's own tests run on pg_search; named with ``-p`` on pytest's command line.

CKAN's fixtures drop every table of the database once per run and bring back CKAN's own alone. This
does it before the first test and applies the migrations of pg_search too; from then on the fixtures
only delete rows. Many of the tests unload all plugins or load others instead, so pg_search stays
the search engine without being loaded.
"""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionstart() -> None:
    from ckan import model
    from ckan.cli.db import _run_migrations

    from ckanext.pg_search import seam

    model.repo.clean_db()
    model.repo.init_db()
    _run_migrations("pg_search")
    seam.is_active = lambda: True
