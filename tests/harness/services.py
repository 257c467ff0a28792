"""PostgreSQL, Redis and Ceph for tests: brought up when needed, described in a JSON file."""

from __future__ import annotations

import fcntl
import json
import shutil
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from dcor_control.local import postgres, running, supervisor
from dcor_control.local import services as local_services
from dcor_control.local.account import service_account
from dcor_control.local.ceph import StoreCredentials
from dcor_control.local.files import write_atomically
from dcor_control.local.layout import Layout
from dcor_control.local.ports import LOCALHOST

from . import places

if TYPE_CHECKING:
    from collections.abc import Iterator

_DISK = 16 * 2**30


@dataclass(frozen=True)
class TestServices:
    """Addresses and credentials of the services.

    Attributes
    ----------
    postgres_port, postgres_password
        Server on 127.0.0.1 and password of its superuser ``postgres``.
    role, role_password
        Role that owns the test databases.
    redis_port, redis_password
        Redis on 127.0.0.1; it has 256 databases.
    s3_endpoint, store
        Object store and the keys of its two users.
    web_port
        A port that is kept free for a web server (site URL of the tests).
    """

    __test__ = False

    postgres_port: int
    postgres_password: str = field(repr=False)
    role: str
    role_password: str = field(repr=False)
    redis_port: int
    redis_password: str = field(repr=False)
    s3_endpoint: str
    store: StoreCredentials
    web_port: int

    def database_url(self, name: str) -> str:
        """URL of a database for the role that owns it."""
        return (
            f"postgresql://{self.role}:{self.role_password}@{LOCALHOST}:{self.postgres_port}/{name}"
        )

    def admin_url(self, name: str = "postgres") -> str:
        """URL of a database for the superuser."""
        return (
            f"postgresql://{postgres.SUPERUSER}:{self.postgres_password}"
            f"@{LOCALHOST}:{self.postgres_port}/{name}"
        )

    def redis_url(self, database: int) -> str:
        """URL of a Redis database."""
        return f"redis://:{self.redis_password}@{LOCALHOST}:{self.redis_port}/{database}"


def layout() -> Layout:
    """Folders of the test services."""
    return Layout(places.ROOT, service_account())


def describe() -> local_services.Services:
    """The services as the local profile knows them."""
    return local_services.describe(
        layout(), block_size=_DISK, postgres_settings=postgres.FAST_AND_FORGETFUL
    )


def up() -> tuple[TestServices, bool]:
    """Start the services unless they run; also tell whether they were started now."""
    with lock("up"):
        started = not supervisor.is_running(layout())
        if started:
            _make_room()
        found = describe()
        store = _bring_up(found) if started else _as_they_run(found)
        services = TestServices(
            postgres_port=found.postgres.port,
            postgres_password=found.postgres.password,
            role=local_services.ROLE,
            role_password=found.secrets.postgres_ckan,
            redis_port=found.redis.port,
            redis_password=found.redis.password,
            s3_endpoint=found.ceph.endpoint_url,
            store=store,
            web_port=found.ports["web"],
        )
        write_atomically(places.SERVICES_FILE, json.dumps(asdict(services), indent=2))
    return services, started


def _make_room() -> None:
    """Begin with an empty object store once half of its disk was written.

    Runs that were killed leave their buckets; a full disk stops the store for good.
    """
    disk = layout().ceph / "osd" / "block"
    if disk.exists() and 2 * 512 * disk.stat().st_blocks > disk.stat().st_size:
        running.bring_down(layout())
        shutil.rmtree(layout().ceph)


def _bring_up(found: local_services.Services) -> StoreCredentials:
    """Start the services; where one has been damaged by a kill, with an empty object store."""
    try:
        return running.bring_up(found)
    except running.UnhealthyProgramError as error:
        sys.stderr.write(f"Once more, with an empty object store: {error}\n")
        running.bring_down(layout())
        shutil.rmtree(layout().ceph, ignore_errors=True)
        return running.bring_up(describe())


def _as_they_run(found: local_services.Services) -> StoreCredentials:
    """Use running services as they were configured: other runs may be using them."""
    supervisor.start_programs(layout(), [program.name for program in found.programs()])
    return running.wait_for_services(found)


def down() -> bool:
    """Stop the services; False if none was running."""
    with lock("up"):
        for path in (places.SERVICES_FILE, places.KEPT_FILE):
            path.unlink(missing_ok=True)
        return running.bring_down(layout())


def load() -> TestServices:
    """The running services, as the last ``up`` has described them."""
    found = json.loads(places.SERVICES_FILE.read_text(encoding="utf-8"))
    return TestServices(**found | {"store": StoreCredentials(**found["store"])})


@contextmanager
def lock(name: str, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock among all processes of this machine that use the harness."""
    places.ROOT.mkdir(parents=True, exist_ok=True)
    with (places.ROOT / f"{name}.lock").open("w") as fd:
        fcntl.flock(fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


def is_unused() -> bool:
    """Whether no run uses the services at the moment."""
    with (places.ROOT / "use.lock").open("w") as fd:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
