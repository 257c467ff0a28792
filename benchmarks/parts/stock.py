"""CKAN without the suite: an instance of its own on the services of the test harness.

Same web server with the same settings, same PostgreSQL, a database of its own. CKAN does not run
without a search engine: it gets Solr if there is one, otherwise the suite's plugin ``pg_search``
alone, so that both sites search with the same engine.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg2
from psycopg2 import sql

from dcor_control.local import ini, ports, running, supervisor, web
from dcor_control.local.account import service_account
from dcor_control.local.files import write_atomically
from dcor_control.local.layout import Layout
from dcor_control.local.populate import Person as Wanted
from dcor_control.local.populate import populate
from dcor_control.local.ports import LOCALHOST
from dcor_control.local.secrets import load_or_create
from tests.harness import databases, places, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.harness.runs import Run
    from tests.harness.services import TestServices

_FIRST_PORT = 29200
_PEOPLE = (Wanted("admin", "correct-horse-1", sysadmin=True), Wanted("alice", "correct-horse-2"))
#: Options that only the suite knows.
_OURS = ("ckanext.", "dcor_object_store.")


@dataclass(frozen=True)
class Stock:
    """A running CKAN.

    Attributes
    ----------
    url
        Where it is.
    admin, person
        Tokens of a sysadmin and of an ordinary user.
    """

    url: str
    admin: str
    person: str


@contextmanager
def stock_ckan(services: TestServices, solr_url: str | None = None) -> Iterator[Stock]:
    """Serve CKAN 2.12 without the suite.

    Parameters
    ----------
    solr_url
        A Solr core for it; its search is on PostgreSQL unless there is one.
    """
    with runs.taken(services) as run:
        layout = Layout(run.folder / "served", service_account())
        layout.make_folders()
        port = ports.choose([ports.PortRequest("web")], {}, start=_FIRST_PORT)["web"]
        _make_database(services, run.served_database)
        text = _ini_text(services, run, layout, port, solr_url)
        write_atomically(layout.ini, text, account=layout.account)
        env = web.environment(layout)
        tokens = populate(layout.ini, _PEOPLE, account=layout.account, env=env)
        try:
            supervisor.start(layout, web.programs(layout, port, processes=2)[:1])
            web.wait_until_ready(port)
            yield Stock(f"http://{LOCALHOST}:{port}", tokens["admin"], tokens["alice"])
        finally:
            running.bring_down(layout)


def _make_database(services: TestServices, name: str) -> None:
    databases.drop(services, name)
    link = psycopg2.connect(services.admin_url())
    link.autocommit = True
    with link.cursor() as cursor:
        owner = sql.Identifier(services.role)
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), owner))
    link.close()


def _ini_text(
    services: TestServices, run: Run, layout: Layout, port: int, solr_url: str | None
) -> str:
    facts = ini.IniFacts(
        site_id="stock",
        title="CKAN",
        web_port=port,
        database_url=services.database_url(run.served_database),
        redis_url=services.redis_url(run.served_redis_database),
        s3_endpoint=services.s3_endpoint,
        bucket_name="unused-{organization_id}",
        storage=layout.storage,
        scratch=layout.scratch,
    )
    secrets = load_or_create(places.ROOT / "secrets.toml")
    options = ini.options(facts, secrets, services.store)
    own = {name: value for name, value in options.items() if not name.startswith(_OURS)}
    own |= {"ckan.plugins": "" if solr_url else "pg_search", "ckan.views.default_views": ""}
    return ini.render(own | ({"solr_url": solr_url} if solr_url else {}))
