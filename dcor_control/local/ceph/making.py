"""Making a cluster: configuration, keys, and empty data folders of monitor and OSD."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from dcor_control.local.ceph.conf import conf_text
from dcor_control.local.ceph.tools import CephError, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcor_control.local.account import Account
    from dcor_control.local.ceph.layout import CephLayout

#: Entities of the cluster and what each of them may do.
_CAPABILITIES = {
    "mon.": ["mon", "allow *"],
    "client.admin": ["mon", "allow *", "osd", "allow *"],
    "osd.0": ["mon", "allow profile osd", "osd", "allow *"],
    "client.rgw.a": ["mon", "allow rw", "osd", "allow rwx"],
}
_FOLDERS = ("run", "crash", "log", "mon", "osd", "rgw")
_MARKER = "prepared"
#: Ports from here on belong to outgoing connections: one start in 30 would find one taken.
_EPHEMERAL_PORTS = 32768
_COMMANDS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw")


def prepare(layout: CephLayout, account: Account) -> None:
    """Create configuration, keys and empty data folders; return at once if that was done before.

    Parameters
    ----------
    layout
        Where everything goes.
    account
        Who will run the daemons and own the folder, and does all the work in it.

    Raises
    ------
    CephError
        If programs are missing, a port is not usable or one of Ceph's tools fails.
    """
    if (layout.folder / _MARKER).exists():
        return
    _check(layout, account)
    layout.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(layout.folder, account.uid, account.gid, follow_symlinks=False)
    if account.is_present_user:
        make(layout)
        return
    described = asdict(layout) | {"folder": str(layout.folder)}
    command = [sys.executable, "-m", __package__]
    done = subprocess.run(
        command,
        check=False,
        input=json.dumps(described),
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        **account.identity(),
    )
    if done.returncode != 0:
        raise CephError(done.stderr.strip()[-4000:])


def make(layout: CephLayout) -> None:
    """Make the cluster, as the present user."""
    _make_folders(layout)
    fsid = str(uuid.uuid4())
    layout.conf.write_text(conf_text(layout, fsid), encoding="utf-8")
    _make_keyrings(layout)
    _make_monitor(layout, fsid)
    with _running_monitor(layout):
        _make_osd(layout)
    (layout.folder / _MARKER).touch()


def _check(layout: CephLayout, account: Account) -> None:
    missing = [command for command in _COMMANDS if shutil.which(command) is None]
    if missing:
        raise CephError(
            f"Programs of Ceph are missing: {', '.join(missing)}. Install the packages"
            " ceph-mon, ceph-osd, radosgw and ceph-common."
        )
    if max(layout.mon_port, layout.rgw_port, layout.osd_port_max) >= _EPHEMERAL_PORTS:
        raise CephError(f"Every port of the object store must be below {_EPHEMERAL_PORTS}.")
    if account.uid == 0:
        raise CephError("Started by root, the object store needs an ordinary account to run as.")


def _make_folders(layout: CephLayout) -> None:
    """Make empty folders; what an interrupted attempt left holds no data yet."""
    layout.folder.chmod(0o700)
    for name in _FOLDERS:
        shutil.rmtree(layout.folder / name, ignore_errors=True)
        (layout.folder / name).mkdir()
    for name in ("ceph.conf", "keyring", "mon.keyring", "monmap"):
        (layout.folder / name).unlink(missing_ok=True)


def _make_keyrings(layout: CephLayout) -> None:
    """Make one key per entity; the monitor is born with all of them."""
    seed, keyring = layout.folder / "mon.keyring", layout.folder / "keyring"
    for path in (seed, keyring):
        run(["ceph-authtool", "--create-keyring", str(path)])
    for entity, capabilities in _CAPABILITIES.items():
        caps = [
            part
            for service, right in zip(capabilities[::2], capabilities[1::2], strict=True)
            for part in ("--cap", service, right)
        ]
        target = seed if entity == "mon." else keyring
        run(["ceph-authtool", str(target), "--gen-key", "-n", entity, *caps])
    run(["ceph-authtool", str(seed), "--import-keyring", str(keyring)])


def _make_monitor(layout: CephLayout, fsid: str) -> None:
    monmap = layout.folder / "monmap"
    address = f"[v2:127.0.0.1:{layout.mon_port}]"
    run(["monmaptool", "--create", "--addv", "a", address, "--fsid", fsid, str(monmap)])
    seed = layout.folder / "mon.keyring"
    options = ["-c", str(layout.conf), "--monmap", str(monmap), "--keyring", str(seed)]
    run(["ceph-mon", "--mkfs", "-i", "a", *options])
    seed.unlink()
    monmap.unlink()


@contextmanager
def _running_monitor(layout: CephLayout) -> Iterator[None]:
    """Run the monitor for as long as the context: it has to agree before an OSD is made."""
    command = ["ceph-mon", "-i", "a", "-f", "-c", str(layout.conf)]
    with (layout.folder / "log" / "prepare.log").open("ab") as log:
        monitor = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        yield
    except CephError as error:
        raise CephError(f"{error}\nThe monitor's log is {layout.folder}/log/mon.a.log.") from error
    finally:
        monitor.terminate()
        monitor.wait(timeout=30)


def _make_osd(layout: CephLayout) -> None:
    osd = str(uuid.uuid4())
    conf = ["-c", str(layout.conf)]
    run(["ceph", *conf, "--connect-timeout", "30", "osd", "new", osd])
    run(["ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd, *conf])
