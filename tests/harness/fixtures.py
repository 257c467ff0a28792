"""Fixtures on the test services: object store, CKAN in this process, transactions, people.

What a fixture needs is imported when it is used: the tests of the core need none of it.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from . import places, quiet
from .people import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from ckan.tests.helpers import CKANTestApp

    from dcor_shared.objects.settings import StoreSettings
    from dcor_shared.objects.store import ObjectStore

    from .runs import Run
    from .served import Served
    from .services import TestServices


@pytest.fixture(scope="session")
def services() -> TestServices:
    """Addresses and credentials of PostgreSQL, Redis and the object store."""
    from . import services as test_services

    return test_services.load()


@pytest.fixture(scope="session")
def run(services: TestServices) -> Run:
    """Names that belong to this run of pytest alone."""
    from . import runs

    return runs.load()


@pytest.fixture
def store_settings(services: TestServices, run: Run) -> Iterator[StoreSettings]:
    """Object store with bucket names of this test alone; its buckets are removed afterwards."""
    from . import runs

    prefix = f"{run.prefix}-{uuid.uuid4().hex[:8]}"
    yield runs.store_settings(services, prefix)
    runs.remove_buckets(services, prefix)


@pytest.fixture
def store(store_settings: StoreSettings) -> ObjectStore:
    """The object store as the suite uses it."""
    from dcor_shared.objects.store import ObjectStore

    return ObjectStore(store_settings)


@pytest.fixture
def circle_id() -> str:
    """Identifier of a circle that no other test knows."""
    return str(uuid.uuid4())


@pytest.fixture(scope="session")
def ckan(services: TestServices, run: Run) -> Iterator[None]:
    """CKAN with all plugins, loaded once; its database has the present schema and no content."""
    from ckan import plugins

    plugins.load_all()
    yield
    with quiet.without_plugins():
        plugins.unload_all()


@pytest.fixture(scope="session")
def session_app(ckan: None) -> CKANTestApp:
    """The web application, built once."""
    from ckan.tests import helpers

    with quiet.without_plugins():
        return helpers._get_test_app()


@pytest.fixture
def tx(ckan: None, services: TestServices, run: Run) -> Iterator[None]:
    """One outer transaction per test; what the test commits or enqueues is undone at its end."""
    import redis

    from ckan import model

    model.Session.remove()
    connection = model.meta.engine.connect()
    outer = connection.begin()
    model.Session.configure(bind=connection, join_transaction_mode="create_savepoint")
    yield
    model.Session.remove()
    outer.rollback()
    connection.close()
    model.Session.configure(bind=model.meta.engine, join_transaction_mode="conditional_savepoint")
    with redis.Redis.from_url(services.redis_url(run.redis_database)) as client:
        client.flushdb()


@pytest.fixture
def statements(tx: None) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collects SQL statements: ``with statements() as seen: …``; savepoints do not count."""
    import sqlalchemy as sa

    from ckan import model

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            if "SAVEPOINT" not in statement:
                seen.append(statement)

        sa.event.listen(model.meta.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(model.meta.engine, "before_cursor_execute", note)

    return collect


@pytest.fixture
def app(session_app: CKANTestApp, tx: None) -> CKANTestApp:
    """Client for requests to the application, inside the transaction of the test."""
    return session_app


@pytest.fixture
def new_person(tx: None) -> Callable[..., Person]:
    """Makes users: ``new_person(sysadmin=False, **fields of user_create)``."""
    return make_person


@pytest.fixture
def person(new_person: Callable[..., Person]) -> Person:
    """An ordinary user."""
    return new_person()


@pytest.fixture
def admin(new_person: Callable[..., Person]) -> Person:
    """A sysadmin."""
    return new_person(sysadmin=True)


@pytest.fixture
def new_circle(tx: None) -> Callable[..., dict[str, Any]]:
    """Makes circles: ``new_circle(admin_name, members={name: capacity}, **fields)``."""
    return make_circle


def make_person(*, sysadmin: bool = False, **fields: Any) -> Person:
    """Create a user with a token in the present database."""
    from ckan.plugins import toolkit as tk

    name = fields.pop("name", f"u{uuid.uuid4().hex[:12]}")
    given = {"name": name, "email": f"{name}@example.org", "password": uuid.uuid4().hex}
    user = tk.get_action("user_create")(_anyone(), given | {"sysadmin": sysadmin} | fields)
    token = tk.get_action("api_token_create")(
        {"ignore_auth": True, "user": name}, {"user": name, "name": "test"}
    )
    return Person(user["id"], name, token["token"], sysadmin=sysadmin)


def make_circle(
    admin_name: str, members: dict[str, str] | None = None, **fields: Any
) -> dict[str, Any]:
    """Create a circle with an admin and further members in the present database."""
    from ckan.plugins import toolkit as tk

    users = [{"name": admin_name, "capacity": "admin"}]
    users += [{"name": name, "capacity": role} for name, role in (members or {}).items()]
    given = {"name": f"c{uuid.uuid4().hex[:12]}", "users": users}
    return tk.get_action("organization_create")(
        {"ignore_auth": True, "user": admin_name}, given | fields
    )


def _anyone() -> dict[str, Any]:
    return {"ignore_auth": True, "user": ""}


@pytest.fixture(scope="session")
def served(services: TestServices, run: Run) -> Iterator[Served]:
    """A web server and workers with a database of their own, for the whole session."""
    from .served import serve

    with serve(services, run) as found:
        yield found


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real measurements beside the checkout; without it the test is skipped."""
    folder = places.CHECKOUT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real measurements are missing: {folder} does not exist")
    return folder
