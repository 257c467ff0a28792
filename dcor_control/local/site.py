"""The site file: the one description of an instance, from which its other files are made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dcor_control.local.files import read_toml, toml_text, write_if_changed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcor_control.local.files import Tables
    from dcor_control.local.layout import Layout

_HEADING = "Description of this instance; secrets are in secrets.toml. Edit, then `make start`."


@dataclass(frozen=True)
class Site:
    """What an instance is.

    Attributes
    ----------
    title
        Name of the site as people read it.
    processes
        Number of web processes.
    ports
        Kept ports by name.
    options
        Options of ``ckan.ini`` that differ from the profile's.
    """

    title: str = "DCOR (local)"
    processes: int = 2
    ports: Mapping[str, int] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    def with_ports(self, ports: Mapping[str, int]) -> Site:
        """The same site on these ports."""
        return replace(self, ports=dict(ports))


def read_site(layout: Layout) -> Site:
    """The site that the file describes; the default one if there is no file."""
    tables = read_toml(layout.site_file)
    site = tables.get("site", {})
    return Site(
        title=str(site.get("title", Site.title)),
        processes=int(site.get("processes", Site.processes)),
        ports={name: int(port) for name, port in tables.get("ports", {}).items()},
        options={name: str(value) for name, value in tables.get("options", {}).items()},
    )


def write_site(layout: Layout, site: Site) -> None:
    """Write the site file if it would change."""
    tables: Tables = {
        "site": {"profile": "local", "title": site.title, "processes": site.processes},
        "ports": dict(site.ports),
        "options": dict(site.options),
    }
    write_if_changed(layout.site_file, toml_text(tables, heading=_HEADING), mode=0o600)
