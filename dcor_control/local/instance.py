"""A whole instance in one folder: services, database, web server and workers."""

from __future__ import annotations

import fcntl
import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcor_control.errors import ControlError, ExitCode
from dcor_control.local import ini, postgres, running, services, supervisor, versions, web
from dcor_control.local.account import service_account
from dcor_control.local.files import write_atomically, write_if_changed
from dcor_control.local.layout import Layout
from dcor_control.local.populate import Person, populate
from dcor_control.local.ports import LOCALHOST
from dcor_control.local.secrets import keep_tokens, kept_tokens
from dcor_control.local.services import ROLE
from dcor_control.local.site import read_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dcor_control.local.ceph import StoreCredentials
    from dcor_control.local.services import Services

DATABASE = "ckan"
ADMIN, RESEARCHER = "admin", "researcher"
#: The object store's disk is a sparse file: it takes only what is written.
_DISK = 200 * 2**30
#: Share of the free space that the object store may fill.
_SHARE = 0.8


class InstanceBusyError(ControlError):
    """Another command is changing the instance right now."""

    exit_code = ExitCode.LOCKED


class NoInstanceError(ControlError):
    """There is no instance where one is expected."""


@dataclass(frozen=True)
class Instance:
    """An instance and its services, as described by its files."""

    layout: Layout
    services: Services

    @property
    def port(self) -> int:
        """Port of the web server."""
        return self.services.ports["web"]

    @property
    def url(self) -> str:
        """Where the site is."""
        return f"http://{LOCALHOST}:{self.port}"

    @property
    def s3_endpoint(self) -> str:
        """Where the object store is."""
        return self.services.ceph.endpoint_url

    @property
    def database_url(self) -> str:
        """URL of CKAN's database, with the password."""
        return self.services.database_url(DATABASE)


def layout_of(root: Path) -> Layout:
    """Folders of the instance at `root`."""
    return Layout(root.resolve(), service_account())


def describe(layout: Layout) -> Instance:
    """The instance in a folder; ports and secrets are chosen if it is new."""
    return Instance(layout, services.describe(layout, block_size=_disk_size(layout)))


def _disk_size(layout: Layout) -> int:
    """Size of a new object store [bytes]: it must never believe in space that is not there."""
    folder = next(place for place in (layout.root, *layout.root.parents) if place.exists())
    return min(_DISK, int(shutil.disk_usage(folder).free * _SHARE))


def existing(layout: Layout) -> Instance:
    """The instance in a folder that holds one.

    Raises
    ------
    NoInstanceError
        If it holds none.
    """
    if not layout.secrets_file.exists():
        raise NoInstanceError(f"There is no instance in {layout.root}; `make start` makes one.")
    return describe(layout)


@contextmanager
def locked(layout: Layout) -> Iterator[None]:
    """Keep other commands from changing the instance at the same time.

    Raises
    ------
    InstanceBusyError
        If one does so already.
    """
    layout.make_root()
    with (layout.root / "lock").open("w") as fd:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InstanceBusyError(
                f"Another command works on {layout.root} at the moment; wait until it is done."
            ) from None
        yield


def start_services(instance: Instance) -> StoreCredentials:
    """Start PostgreSQL, Redis and the object store, unless they run."""
    site = read_site(instance.layout)
    later = web.programs(instance.layout, instance.port, site.processes)
    return running.bring_up(instance.services, later)


def set_up_ckan(instance: Instance, store: StoreCredentials) -> bool:
    """Write CKAN's configuration, and migrate and populate the database if need be.

    Returns
    -------
    bool
        Whether running web servers and workers have to be restarted.
    """
    layout = instance.layout
    postgres.ensure_database(instance.services.postgres, DATABASE, ROLE)
    changed = write_if_changed(layout.ini, _ini_text(instance, store), account=layout.account)
    schema = versions.schema_digest(" ".join(ini.PLUGINS))
    if _state(layout).get("schema") != schema or not has_tokens(layout):
        _populate(instance)
        _remember(layout, schema=schema)
        changed = True
    code = versions.code_digest()
    changed |= _state(layout).get("code") != code
    _remember(layout, code=code)
    return changed


def start_web(instance: Instance, *, anew: bool) -> None:
    """Start web server and workers, and wait until they work.

    Parameters
    ----------
    anew
        Stop those that run before.
    """
    names = ["web", *web.WORKERS]
    if anew:
        supervisor.stop_programs(instance.layout, names)
    supervisor.start_programs(instance.layout, names)
    running.wait(instance.layout, "web", lambda t: web.wait_until_ready(instance.port, t))
    for name in web.WORKERS:
        running.wait_for_worker(instance.layout, name, instance.services.redis.url())


def stop(layout: Layout) -> bool:
    """Stop everything; False if nothing was running."""
    return running.bring_down(layout)


def remove(layout: Layout) -> None:
    """Stop the instance and remove its data; only what belongs to it is touched.

    Raises
    ------
    OSError
        If something of it cannot be removed.
    """
    stop(layout)
    folders = (layout.postgres, layout.redis, layout.ceph, layout.log, layout.conf)
    for folder in (*folders, layout.storage, layout.scratch, layout.sockets):
        if folder.exists():
            shutil.rmtree(folder)
    files = (layout.site_file, layout.secrets_file, layout.demo_file, _state_file(layout))
    for file in (*files, *layout.root.glob("synthetic_*.rtdc")):
        file.unlink(missing_ok=True)


def remember_seconds(layout: Layout, resource: str, seconds: float) -> None:
    """Keep how long a resource took from activation to its last step [s]."""
    _remember(layout, **{_seconds_key(resource): f"{seconds:.1f}"})


def kept_seconds(layout: Layout, resource: str) -> float | None:
    """How long a resource took from activation to its last step [s]; None if nobody measured."""
    found = _state(layout).get(_seconds_key(resource))
    return None if found is None else float(found)


def tokens(layout: Layout) -> dict[str, str]:
    """API tokens of the two users by name."""
    return kept_tokens(layout.secrets_file)


def has_tokens(layout: Layout) -> bool:
    """Whether there is a token for both users."""
    return {ADMIN, RESEARCHER} <= set(tokens(layout))


def _populate(instance: Instance) -> None:
    layout, secrets, known = instance.layout, instance.services.secrets, tokens(instance.layout)
    people = [
        Person(ADMIN, secrets.sysadmin_password, sysadmin=True, wants_token=ADMIN not in known),
        Person(RESEARCHER, secrets.user_password, wants_token=RESEARCHER not in known),
    ]
    made = populate(layout.ini, people, account=layout.account, env=web.environment(layout))
    keep_tokens(layout.secrets_file, made)


def _ini_text(instance: Instance, store: StoreCredentials) -> str:
    site, found = read_site(instance.layout), instance.services
    facts = ini.IniFacts(
        site_id="dcor-local",
        title=site.title,
        web_port=instance.port,
        database_url=instance.database_url,
        redis_url=found.redis.url(),
        s3_endpoint=instance.s3_endpoint,
        bucket_name="circle-{organization_id}",
        storage=instance.layout.storage,
        scratch=instance.layout.scratch,
    )
    return ini.render(ini.options(facts, found.secrets, store) | dict(site.options))


def _seconds_key(resource: str) -> str:
    return f"seconds of {resource}"


def _state(layout: Layout) -> dict[str, str]:
    """What the instance was last made from."""
    path = _state_file(layout)
    found: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def _remember(layout: Layout, **values: str) -> None:
    write_atomically(_state_file(layout), json.dumps(_state(layout) | values, indent=2))


def _state_file(layout: Layout) -> Path:
    return layout.root / "state.json"
