"""The configuration file of a single-node Ceph.

Every value that is not Ceph's own default is here, with the reason where it is not obvious.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dcor_control.local.ceph.layout import CephLayout

#: Longest path of a Unix socket (108 bytes with the closing zero byte).
_SOCKET_PATH_MAX = 107


def conf_text(layout: CephLayout, fsid: str) -> str:
    """Text of ``ceph.conf`` for an instance in `layout` with the cluster identifier `fsid`."""
    sections = {
        "global": _network(layout, fsid) | _folders(layout) | _pools(),
        "mon": _monitor(),
        "osd": _osd(layout),
        "client": {"objecter_tick_interval": "0.5", "objecter_timeout": "1"},
        "client.rgw.a": _gateway(layout),
    }
    return "\n".join(_section(name, values) for name, values in sections.items())


def _section(name: str, values: dict[str, str]) -> str:
    lines = [f"{key} = {value}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def _network(layout: CephLayout, fsid: str) -> dict[str, str]:
    return {
        "fsid": fsid,
        "mon_host": f"[v2:127.0.0.1:{layout.mon_port}]",
        "public_addr": "127.0.0.1",
        "cluster_addr": "127.0.0.1",
        "ms_bind_ipv6": "false",
        "ms_bind_msgr1": "false",
        "ms_bind_port_min": str(layout.osd_port_min),
        "ms_bind_port_max": str(layout.osd_port_max),
        # The gateway refuses to work without cephx.
        "auth_cluster_required": "cephx",
        "auth_service_required": "cephx",
        "auth_client_required": "cephx",
        "auth_allow_insecure_global_id_reclaim": "false",
    }


def _folders(layout: CephLayout) -> dict[str, str]:
    folder = layout.folder
    return {
        "run_dir": f"{folder}/run",
        "admin_socket": _admin_socket(layout),
        "crash_dir": f"{folder}/crash",
        "keyring": f"{folder}/keyring",
        "log_file": f"{folder}/log/$name.log",
        "mon_cluster_log_file": f"{folder}/log/cluster.log",
        "log_to_stderr": "false",
        "mon_data": f"{folder}/mon",
        "osd_data": f"{folder}/osd",
        "rgw_data": f"{folder}/rgw",
    }


def _admin_socket(layout: CephLayout) -> str:
    """Pattern of the sockets, or nothing where the folder's path is too long for one."""
    longest = f"{layout.folder}/run/client.rgw.a.asok"
    return f"{layout.folder}/run/$name.asok" if len(longest) <= _SOCKET_PATH_MAX else ""


def _pools() -> dict[str, str]:
    """One copy on one disk: without these the pools would wait for other machines."""
    return {
        "osd_pool_default_size": "1",
        "osd_pool_default_min_size": "1",
        "osd_pool_default_pg_num": "4",
        "osd_pool_default_pgp_num": "4",
        "osd_pool_default_pg_autoscale_mode": "off",
        "osd_crush_chooseleaf_type": "0",
    }


def _monitor() -> dict[str, str]:
    return {
        "mon_allow_pool_size_one": "true",
        "mon_warn_on_pool_no_redundancy": "false",
        "mon_max_pg_per_osd": "1000",
        "mon_data_avail_crit": "1",
        # There is nobody to agree with: every change of the maps is four times faster.
        "paxos_propose_interval": "0.05",
        "paxos_min_wait": "0.01",
    }


def _osd(layout: CephLayout) -> dict[str, str]:
    return {
        "osd_objectstore": "bluestore",
        "bluestore_block_size": str(layout.block_size),
        "bluestore_cache_autotune": "false",
        "bluestore_cache_size": str(128 * 2**20),
        "osd_crush_update_on_start": "true",
        "osd_fast_shutdown": "true",
        "mon_max_pg_per_osd": "1000",
        "debug_rocksdb": "1/1",
        "debug_bluefs": "1/1",
        "debug_bdev": "1/1",
        # The first change of a bucket after a crash waits for the dead gateway's watch.
        "osd_client_watch_timeout": "3",
    }


def _gateway(layout: CephLayout) -> dict[str, str]:
    return {
        # Without tcp_nodelay a small GET on a kept-alive connection takes 44 ms instead of 1 ms.
        "rgw_frontends": f"beast endpoint=127.0.0.1:{layout.rgw_port} tcp_nodelay=1",
        "rgw_thread_pool_size": "128",
        "rgw_enable_usage_log": "false",
        # What is deleted frees its space within the hour; somebody may still be reading it.
        "rgw_gc_obj_min_wait": "1800",
        "rgw_gc_processor_period": "600",
        # Its access log would hold presigned URLs.
        "debug_rgw": "0/1",
    }
