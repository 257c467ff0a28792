"""The migration makes exactly the tables that the code describes."""

from __future__ import annotations

import warnings
from pathlib import Path


def test_migration_and_description_agree(ckan: None) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy.exc import SAWarning

    from ckan import model

    from ckanext.pg_search.tables import DOCUMENT

    def ours(_item, name, type_, *_rest) -> bool:
        return type_ != "table" or name.startswith("pg_search_")

    with model.meta.engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        options = {"include_object": ours, "version_table": "pg_search_alembic_version"}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, DOCUMENT.metadata) == []


def test_the_migration_can_be_taken_back(ckan: None) -> None:
    """It runs on the connection of a transaction that is undone."""
    import importlib.util

    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    from ckan import model

    from ckanext.pg_search import plugin

    folder = Path(plugin.__file__).parent / "migration" / "pg_search" / "versions"
    spec = importlib.util.spec_from_file_location("migration_0001", folder / "0001_index.py")
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    model.Session.remove()  # it would wait for this test, and this test for it
    with model.meta.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(sa.text("SET LOCAL lock_timeout = '10s'"))
        with Operations.context(MigrationContext.configure(connection)):
            migration.downgrade()
            assert not sa.inspect(connection).has_table("pg_search_document")
            migration.upgrade()
            assert sa.inspect(connection).has_table("pg_search_document")
        transaction.rollback()
