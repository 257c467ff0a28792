"""Where everything of a local instance is: one folder, removed with one ``rm -r``."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dcor_control.errors import ControlError

if TYPE_CHECKING:
    from dcor_control.local.account import Account

#: Longest path of a Unix socket, less what servers append to their socket's name.
_SOCKET_FOLDER_MAX = 107 - len("/supervisor.sock.4194304")
#: Root of the checkout (or of the installation) that this code runs from.
CHECKOUT = Path(__file__).resolve().parents[2]


class UnsafeFolderError(ControlError):
    """A folder that must be ours belongs to somebody else."""


@dataclass(frozen=True)
class Layout:
    """Paths of an instance.

    Attributes
    ----------
    root
        Absolute folder that holds everything.
    account
        Who runs the services and owns their data.
    """

    root: Path
    account: Account

    @property
    def site_file(self) -> Path:
        """What this instance is: profile, ports, options (TOML)."""
        return self.root / "site.toml"

    @property
    def secrets_file(self) -> Path:
        """Generated passwords and keys (TOML, 0600)."""
        return self.root / "secrets.toml"

    @property
    def demo_file(self) -> Path:
        """What the demonstration made, for programs (JSON, 0600)."""
        return self.root / "demo.json"

    @property
    def conf(self) -> Path:
        """Folder of the files that are generated anew at every start."""
        return self.root / "conf"

    @property
    def ini(self) -> Path:
        """CKAN's configuration."""
        return self.conf / "ckan.ini"

    @property
    def log(self) -> Path:
        """Folder of the programs' logs."""
        return self.root / "log"

    @property
    def postgres(self) -> Path:
        """Data folder of PostgreSQL."""
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        """Data folder of Redis."""
        return self.root / "redis"

    @property
    def ceph(self) -> Path:
        """Folder of the object store."""
        return self.root / "ceph"

    @property
    def storage(self) -> Path:
        """CKAN's own files (images of users and circles)."""
        return self.root / "storage"

    @property
    def scratch(self) -> Path:
        """Where workers keep the copy of a measurement while they read it."""
        return self.root / "scratch"

    @property
    def sockets(self) -> Path:
        """Folder of Unix sockets: inside the instance, or a short path where that is too long."""
        inside = self.root / "run"
        if len(os.fsencode(inside)) <= _SOCKET_FOLDER_MAX:
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"dcor-{digest}"

    def make_root(self) -> None:
        """Create the folder of the instance unless it exists.

        Raises
        ------
        UnsafeFolderError
            If it exists and somebody else made it.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        if not os.access(self.root, os.W_OK):
            raise UnsafeFolderError(
                f"{self.root} was made by another user (uid {self.root.stat().st_uid}); "
                f"work as that user, or remove it."
            )

    def make_folders(self) -> None:
        """Create what is missing; all folders but the root belong to the account."""
        self.make_root()
        for path in (self.log, self.conf, self.storage, self.scratch, self.sockets):
            self._own(path)

    def _own(self, path: Path) -> None:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if path.is_symlink() or found.st_uid not in {self.account.uid, os.geteuid()}:
            raise UnsafeFolderError(
                f"{path} belongs to somebody else (uid {found.st_uid}); remove it and try again."
            )
        if found.st_uid != self.account.uid:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)
