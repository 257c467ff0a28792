"""Fixtures for the pipeline: steps instead of those of the plugins, a store, committed data."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.objects.store import open_store
from dcor_shared.pipeline.database import session
from dcor_shared.testing.pipeline import only_steps
from tests.harness import databases

from .building import put_original


@pytest.fixture
def declare():
    """Makes the given steps the only ones."""
    with ExitStack() as stack:
        yield lambda *steps: stack.enter_context(only_steps(*steps))


@pytest.fixture
def store(store_settings, monkeypatch):
    """The object store of the test, used by the pipeline as well."""
    monkeypatch.setitem(tk.config, "dcor_object_store.bucket_name", store_settings.bucket_name)
    return open_store(store_settings)


@pytest.fixture
def with_original(store):
    """Stores the originals of a dataset."""
    return lambda dataset, **kwargs: put_original(store, dataset, **kwargs)


@pytest.fixture
def rows(tx):
    """Reads columns of steps: ``rows(resource_id)["step"].state``."""

    def read(resource_id):
        query = sa.text("SELECT * FROM dcor_step WHERE resource_id = :id")
        with session() as own:
            return {row.step: row for row in own.execute(query, {"id": resource_id})}

    return read


@pytest.fixture
def sql(tx):
    """Executes a statement, as if somebody had done so in the meantime."""

    def execute(statement, **values):
        with session() as own:
            result = own.execute(sa.text(statement), values)
            return result.all() if result.returns_rows else result.rowcount

    return execute


@pytest.fixture(scope="session")
def committed_engine(services, run, ckan):
    """A database for tests that need several connections."""
    name = f"{run.database}_pipeline"
    databases.create(services, name)
    engine = sa.create_engine(services.database_url(name))
    yield engine
    engine.dispose()
    databases.drop(services, name)


@pytest.fixture
def committed(committed_engine):
    """CKAN's session on that database; what is written there is removed afterwards."""
    model.Session.remove()
    model.Session.configure(bind=committed_engine)
    yield committed_engine
    model.Session.remove()
    model.Session.configure(bind=model.meta.engine)
    with committed_engine.begin() as connection:
        connection.execute(sa.text('TRUNCATE package, "group", dcor_outbox CASCADE'))
