"""A served instance for tests: web server and workers on the shared services."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil
import requests

from dcor_control.local import ports, running, supervisor, web
from dcor_control.local.account import service_account
from dcor_control.local.files import write_atomically
from dcor_control.local.layout import Layout
from dcor_control.local.populate import Person as Wanted
from dcor_control.local.populate import populate
from dcor_control.local.ports import LOCALHOST

from . import configuration, databases
from .people import Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dcor_control.local.ceph import StoreCredentials

    from .runs import Run
    from .services import TestServices

_FIRST_PORT = 30000
_PEOPLE = (Wanted("admin", "correct-horse-1", sysadmin=True), Wanted("alice", "correct-horse-2"))


@dataclass(frozen=True)
class Served:
    """A running instance.

    Attributes
    ----------
    url
        Where the site is.
    s3_endpoint
        Where the object store is.
    admin, person
        A sysadmin and an ordinary user.
    layout
        Folders, for tests that look into logs and scratch or end processes.
    database_url, redis_url
        What lies below it.
    bucket_name
        Template of its buckets' names.
    store
        Keys of the object store's users.
    """

    url: str
    s3_endpoint: str
    admin: Person
    person: Person
    layout: Layout
    database_url: str
    redis_url: str
    bucket_name: str
    store: StoreCredentials

    @property
    def users(self) -> list[dict[str, Any]]:
        """The users in the form of ``var/demo.json``."""
        return [
            {"name": who.name, "token": who.token, "sysadmin": who.sysadmin}
            for who in (self.admin, self.person)
        ]

    def call(self, action: str, person: Person | None = None, **fields: Any) -> Any:
        """Call an action by POST; returns its result, raises ``HTTPError`` with the answer."""
        answer = requests.post(
            f"{self.url}/api/3/action/{action}",
            json=fields,
            headers=person.headers if person else {},
            timeout=120,
        )
        if not answer.ok:
            raise requests.HTTPError(f"{answer.status_code} {answer.text}", response=answer)
        return answer.json()["result"]

    def program(self, name: str) -> psutil.Process:
        """The process of one of the programs (``web``, ``worker-short``, ``worker-long``)."""
        (found,) = [state for state in supervisor.states(self.layout) if state.name == name]
        return psutil.Process(found.pid)


@contextmanager
def serve(services: TestServices, run: Run) -> Iterator[Served]:
    """Serve an instance of its own for as long as the context."""
    layout = Layout(run.folder / "served", service_account())
    running.bring_down(layout)
    layout.make_folders()
    port = _free_port(run)
    _write_ini(services, run, layout, port)
    tokens = populate(layout.ini, _PEOPLE, account=layout.account, env=web.environment(layout))
    supervisor.start(layout, web.programs(layout, port, processes=2))
    try:
        web.wait_until_ready(port)
        served = _served(services, run, layout, f"http://{LOCALHOST}:{port}", tokens)
        described = {"url": served.url, "s3_endpoint": served.s3_endpoint, "users": served.users}
        write_atomically(layout.demo_file, json.dumps(described, indent=2))
        yield served
    finally:
        running.bring_down(layout)


def _free_port(run: Run) -> int:
    wish = ports.PortRequest("web")
    return ports.choose([wish], {}, start=_FIRST_PORT + 20 * run.slot)["web"]


def _write_ini(services: TestServices, run: Run, layout: Layout, port: int) -> None:
    databases.create(services, run.served_database)
    text = configuration.ini_text(
        services,
        run.served_database,
        _prefix(run),
        redis_database=run.served_redis_database,
        web_port=port,
        layout=layout,
    )
    write_atomically(layout.ini, text, account=layout.account)


def _served(
    services: TestServices, run: Run, layout: Layout, url: str, tokens: Mapping[str, str]
) -> Served:
    admin, person = (
        _person(url, who.name, tokens[who.name], sysadmin=who.sysadmin) for who in _PEOPLE
    )
    return Served(
        url=url,
        s3_endpoint=services.s3_endpoint,
        admin=admin,
        person=person,
        layout=layout,
        database_url=services.database_url(run.served_database),
        redis_url=services.redis_url(run.served_redis_database),
        bucket_name=_prefix(run) + "-{organization_id}",
        store=services.store,
    )


def _prefix(run: Run) -> str:
    """First part of the names of the buckets; unlike those of the tests' own process."""
    return f"{run.prefix}-s"


def _person(url: str, name: str, token: str, *, sysadmin: bool) -> Person:
    answer = requests.get(
        f"{url}/api/3/action/user_show", headers={"Authorization": token}, timeout=60
    )
    return Person(answer.json()["result"]["id"], name, token, sysadmin=sysadmin)
