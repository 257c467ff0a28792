"""Where a single-node Ceph lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class CephLayout:
    """Where a single-node Ceph lives.

    Attributes
    ----------
    folder
        Folder of its own; absolute, reachable by the account that runs the daemons.
    mon_port, rgw_port
        Ports of the monitor and of the S3 gateway.
    osd_port_min, osd_port_max
        Range of at least eight ports for the OSD.
    block_size
        Size of the sparse file that holds the data [bytes].
    """

    folder: Path
    mon_port: int
    rgw_port: int
    osd_port_min: int
    osd_port_max: int
    block_size: int

    @property
    def conf(self) -> Path:
        """Path of the configuration file."""
        return self.folder / "ceph.conf"

    @property
    def endpoint_url(self) -> str:
        """URL of the S3 gateway."""
        return f"http://127.0.0.1:{self.rgw_port}"
