"""PostgreSQL, Redis and the object store of an instance, as one thing."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcor_control.local import ceph, ports, postgres, redis
from dcor_control.local.ports import LOCALHOST, PortRequest
from dcor_control.local.secrets import load_or_create
from dcor_control.local.site import read_site, write_site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcor_control.local.layout import Layout
    from dcor_control.local.program import Program
    from dcor_control.local.secrets import Secrets

_OSD_PORTS = 16
WISHES = (
    PortRequest("web"),
    PortRequest("postgres"),
    PortRequest("redis"),
    PortRequest("s3"),
    PortRequest("ceph_mon"),
    PortRequest("ceph_osd", _OSD_PORTS),
)
#: Role that owns CKAN's database.
ROLE = "ckan"


@dataclass(frozen=True)
class Services:
    """The three engines below an instance: what they are called and where they answer."""

    layout: Layout
    ports: Mapping[str, int]
    secrets: Secrets
    postgres: postgres.PostgresLayout
    redis: redis.RedisLayout
    ceph: ceph.CephLayout

    def database_url(self, database: str) -> str:
        """URL of a database on 127.0.0.1, for CKAN's role."""
        password = self.secrets.postgres_ckan
        return f"postgresql://{ROLE}:{password}@{LOCALHOST}:{self.postgres.port}/{database}"

    def programs(self) -> list[Program]:
        """Foreground commands, in the order of their start."""
        return [
            *postgres.programs(self.postgres),
            *redis.programs(self.redis),
            *ceph.programs(self.ceph),
        ]


def describe(
    layout: Layout, *, block_size: int, postgres_settings: Mapping[str, str] | None = None
) -> Services:
    """Work out ports and secrets of an instance; those that exist are kept.

    Parameters
    ----------
    block_size
        Size of the object store's (sparse) disk [bytes].
    postgres_settings
        Settings of the database server that differ from the usual ones.
    """
    layout.make_folders()
    site = read_site(layout)
    # Instances on one machine begin to look at different places.
    start = 20000 + 40 * (zlib.crc32(str(layout.root).encode()) % 250)
    chosen = ports.choose(WISHES, site.ports, start=start)
    write_site(layout, site.with_ports(chosen))
    secrets = load_or_create(layout.secrets_file)
    return Services(
        layout=layout,
        ports=chosen,
        secrets=secrets,
        postgres=postgres.PostgresLayout(
            folder=layout.postgres,
            sockets=layout.sockets,
            port=chosen["postgres"],
            account=layout.account,
            password=secrets.postgres_superuser,
            settings=postgres_settings or {},
        ),
        redis=redis.RedisLayout(layout.redis, chosen["redis"], layout.account, secrets.redis),
        ceph=ceph.CephLayout(
            folder=layout.ceph,
            mon_port=chosen["ceph_mon"],
            rgw_port=chosen["s3"],
            osd_port_min=chosen["ceph_osd"],
            osd_port_max=chosen["ceph_osd"] + _OSD_PORTS - 1,
            block_size=block_size,
        ),
    )


def prepare(services: Services) -> None:
    """Create what does not exist yet; nothing is running then."""
    postgres.prepare(services.postgres)
    redis.prepare(services.redis)
    ceph.prepare(services.ceph, services.layout.account)


def require_free_ports(taken: Mapping[str, int]) -> None:
    """Make sure that nobody else uses our ports; to be called while we are not running.

    Raises
    ------
    PortTakenError
        If somebody does.
    """
    for wish in WISHES:
        first = taken[wish.name]
        for port in range(first, first + wish.count):
            ports.require_free(wish.name, port)
