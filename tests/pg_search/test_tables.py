"""The migration makes exactly the tables that the code describes."""

from __future__ import annotations

import warnings


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
