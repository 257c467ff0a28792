"""Environment of the migrations of pg_search; CKAN runs it for ``ckan db upgrade``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import engine_from_config, pool

from ckanext.pg_search.tables import DOCUMENT

NAME = Path(__file__).parent.name


def include_object(_item: Any, name: str | None, type_: str, *_rest: Any) -> bool:
    return type_ != "table" or str(name).startswith(NAME)


def configure(**kwargs: Any) -> None:
    context.configure(
        target_metadata=DOCUMENT.metadata,
        version_table=f"{NAME}_alembic_version",
        include_object=include_object,
        **kwargs,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        configure(connection=connection)


if context.is_offline_mode():
    configure(url=context.config.get_main_option("sqlalchemy.url"), literal_binds=True)
else:
    run_online()
