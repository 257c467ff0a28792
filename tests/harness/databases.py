"""Databases for test runs: copies of a migrated template, which is made once per schema."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg2
from psycopg2 import sql

from dcor_control.local import ini, versions
from dcor_control.local.files import write_atomically
from dcor_control.local.populate import populate

from . import configuration, places
from .services import lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import cursor

    from .services import TestServices


def create(services: TestServices, name: str) -> None:
    """Make the database `name` anew, with the present schema and no content."""
    # Another checkout of the schema may want to replace the template just now.
    with lock("template"):
        template = _ensure_template(services)
        drop(services, name)
        _clone(services, template, name)


def drop(services: TestServices, name: str) -> None:
    """Drop the database `name`, if it exists, whoever is still connected."""
    with _admin(services) as admin:
        _drop(admin, name)


def _ensure_template(services: TestServices) -> str:
    name = f"dcor_template_{versions.schema_digest(' '.join(ini.PLUGINS))[:12]}"
    with _admin(services) as admin:
        admin.execute("SELECT datname FROM pg_database WHERE datname ~ '^dcor_template_'")
        found = {row[0] for row in admin.fetchall()}
        for outdated in found - {name}:
            _drop(admin, outdated)
    if name not in found:
        _make_template(services, name)
    return name


def _make_template(services: TestServices, name: str) -> None:
    """Migrate under another name first, so that a failure leaves no half template."""
    draft = "dcor_draft"
    with _admin(services) as admin:
        _drop(admin, draft)
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(draft), sql.Identifier(services.role)
            )
        )
    path = places.ROOT / "migrate.ini"
    write_atomically(path, configuration.ini_text(services, draft, "migrate", redis_database=0))
    populate(path)
    with _admin(services) as admin:
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(draft), sql.Identifier(name)
            )
        )


def _clone(services: TestServices, template: str, name: str) -> None:
    with _admin(services) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(services.role)
            )
        )


def _drop(admin: cursor, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _admin(services: TestServices) -> Iterator[cursor]:
    link = psycopg2.connect(services.admin_url())
    link.autocommit = True
    try:
        with link.cursor() as found:
            yield found
    finally:
        link.close()
