"""A single-node Ceph (monitor, OSD, S3 gateway) in a folder of its own, on 127.0.0.1.

It keeps one copy on one disk: for trying, testing and small sites with backups. The daemons come
from the distribution's packages (``ceph-mon ceph-osd radosgw ceph-common``) and run as an
ordinary account without capabilities.

The order of use is :func:`prepare`, then the :func:`programs` are started by a supervisor, then
:func:`wait_until_ready`, then :func:`create_users`. Every function may be called again.
"""

from __future__ import annotations

from dcor_control.local.ceph.daemons import programs, wait_until_ready
from dcor_control.local.ceph.layout import CephLayout
from dcor_control.local.ceph.making import prepare
from dcor_control.local.ceph.tools import CephError
from dcor_control.local.ceph.users import StoreCredentials, create_users

__all__ = [
    "CephError",
    "CephLayout",
    "StoreCredentials",
    "create_users",
    "prepare",
    "programs",
    "wait_until_ready",
]
