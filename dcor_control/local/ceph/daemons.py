"""The three daemons: how they are started, and how one knows that they work."""

from __future__ import annotations

import time
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING

from dcor_control.local.ceph.tools import CephError
from dcor_control.local.program import Program

if TYPE_CHECKING:
    from dcor_control.local.ceph.layout import CephLayout


def programs(layout: CephLayout) -> list[Program]:
    """Foreground commands of monitor, OSD and gateway, in the order of their start."""
    options = ["-f", "-c", str(layout.conf)]
    return [
        Program("ceph-mon", ["ceph-mon", "-i", "a", *options]),
        Program("ceph-osd", ["ceph-osd", "-i", "0", *options]),
        Program("ceph-rgw", ["radosgw", "-n", "client.rgw.a", *options]),
    ]


def wait_until_ready(layout: CephLayout, timeout: float = 60.0) -> None:
    """Wait until the S3 gateway answers.

    Raises
    ------
    CephError
        If it does not answer a request within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while not _answers(layout):
        if time.monotonic() > deadline:
            raise CephError(
                f"The object store does not answer at {layout.endpoint_url} after {timeout:.0f} s;"
                f" look at the logs in {layout.folder / 'log'}."
            )
        time.sleep(0.2)


def _answers(layout: CephLayout) -> bool:
    connection = HTTPConnection("127.0.0.1", layout.rgw_port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500  # noqa: PLR2004
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
