"""A single-node Ceph (monitor, OSD, S3 gateway) in a folder of its own, on 127.0.0.1.

It keeps one copy on one disk: for trying, testing and small sites with backups. The daemons come
from the distribution's packages (``ceph-mon ceph-osd radosgw ceph-common``) and run as an
ordinary account without capabilities.

The order of use is :func:`prepare`, then the :func:`programs` are started by a supervisor, then
:func:`wait_until_ready`, then :func:`create_users`. Every function may be called again.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcor_control.local.ceph_conf import conf_text
from dcor_control.local.program import Program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcor_control.local.account import Account

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


class CephError(Exception):
    """The object store could not be created or does not answer; the message says why."""


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


@dataclass(frozen=True)
class StoreCredentials:
    """Keys of the two S3 users of an instance."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    upload_access_key_id: str
    upload_secret_access_key: str = field(repr=False)
    upload_user: str


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
        _prepare(layout)
        return
    described = asdict(layout) | {"folder": str(layout.folder)}
    command = [sys.executable, "-m", __spec__.name]
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


def _main() -> int:
    """Prepare the object store that stdin describes, as the account that shall own it."""
    found = json.load(sys.stdin)
    try:
        _prepare(CephLayout(**found | {"folder": Path(found["folder"])}))
    except CephError as error:
        sys.stderr.write(str(error))
        return 1
    return 0


def _prepare(layout: CephLayout) -> None:
    _make_folders(layout)
    fsid = str(uuid.uuid4())
    layout.conf.write_text(conf_text(layout, fsid), encoding="utf-8")
    _make_keyrings(layout)
    _make_monitor(layout, fsid)
    with _running_monitor(layout):
        _make_osd(layout)
    (layout.folder / _MARKER).touch()


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


def create_users(
    layout: CephLayout, name: str = "dcor", upload_user: str = "uploader"
) -> StoreCredentials:
    """Create the application's S3 user and the one for uploads, or read the keys they have.

    Neither is a "system" user: such a user gets answers in another format and reads every
    user's objects. The keys are made by Ceph, so that no command line ever holds one.

    Uploads are signed with the key of a write-only subuser: Ceph 16 looks at no bucket policy
    when a part is copied, and the owner of a staged object could read it that way.
    """
    access, secret = _keys(_user(layout, name), name)
    upload_access, upload_secret = _write_only_keys(layout, upload_user)
    return StoreCredentials(access, secret, upload_access, upload_secret, upload_user)


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
        _run(["ceph-authtool", "--create-keyring", str(path)])
    for entity, capabilities in _CAPABILITIES.items():
        caps = [
            part
            for service, right in zip(capabilities[::2], capabilities[1::2], strict=True)
            for part in ("--cap", service, right)
        ]
        target = seed if entity == "mon." else keyring
        _run(["ceph-authtool", str(target), "--gen-key", "-n", entity, *caps])
    _run(["ceph-authtool", str(seed), "--import-keyring", str(keyring)])


def _make_monitor(layout: CephLayout, fsid: str) -> None:
    monmap = layout.folder / "monmap"
    address = f"[v2:127.0.0.1:{layout.mon_port}]"
    _run(["monmaptool", "--create", "--addv", "a", address, "--fsid", fsid, str(monmap)])
    seed = layout.folder / "mon.keyring"
    options = ["-c", str(layout.conf), "--monmap", str(monmap), "--keyring", str(seed)]
    _run(["ceph-mon", "--mkfs", "-i", "a", *options])
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
    _run(["ceph", *conf, "--connect-timeout", "30", "osd", "new", osd])
    _run(["ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd, *conf])


def _user(layout: CephLayout, name: str) -> dict[str, Any]:
    """What Ceph knows of an S3 user, who is created if need be."""
    known = _try(_admin(layout, "user", "info", "--uid", name), _account(layout))
    if known.returncode != 0:
        command = _admin(layout, "user", "create", "--uid", name, "--display-name", name)
        known = _run(command, _account(layout))
    user: dict[str, Any] = json.loads(known.stdout)
    return user


def _write_only_keys(layout: CephLayout, name: str) -> tuple[str, str]:
    """Keys of the subuser of `name` who cannot read; the user itself is left without keys."""
    user, subuser = _user(layout, name), f"{name}:write"
    if all(key["user"] != subuser for key in user["keys"]):
        make = ["subuser", "create", "--uid", name, "--subuser", subuser, "--access", "write"]
        generate = ["--key-type", "s3", "--gen-access-key", "--gen-secret"]
        user = json.loads(_run(_admin(layout, *make, *generate), _account(layout)).stdout)
    for key in user["keys"]:
        if key["user"] == name:
            remove = ["key", "rm", "--uid", name, "--access-key", key["access_key"]]
            _run(_admin(layout, *remove), _account(layout))
    return _keys(user, subuser)


def _keys(user: dict[str, Any], name: str) -> tuple[str, str]:
    key = next(key for key in user["keys"] if key["user"] == name)
    return key["access_key"], key["secret_key"]


def _admin(layout: CephLayout, *arguments: str) -> list[str]:
    return ["radosgw-admin", "-c", str(layout.conf), *arguments]


def _answers(layout: CephLayout) -> bool:
    connection = HTTPConnection("127.0.0.1", layout.rgw_port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500  # noqa: PLR2004
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _account(layout: CephLayout) -> str | None:
    """Name of the account that owns the instance, or None if it is the present one."""
    owner = layout.folder.stat().st_uid
    return None if owner == os.geteuid() else pwd.getpwuid(owner).pw_name


def _identity(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": [], "cwd": "/"}


def _try(command: list[str], user: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=120, **_identity(user)
    )


def _run(command: list[str], user: str | None = None) -> subprocess.CompletedProcess[str]:
    try:
        done = _try(command, user)
    except subprocess.TimeoutExpired as error:
        raise CephError(f"'{command[0]}' did not end within {error.timeout} s.") from error
    if done.returncode != 0:
        raise CephError(f"'{command[0]}' failed ({done.returncode}): {done.stderr.strip()[-2000:]}")
    return done


if __name__ == "__main__":
    sys.exit(_main())
