"""The ordinary account that the services of an instance run as when root starts them."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dcor_control.errors import ControlError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Made on demand; owns the data of instances that root started, and can log in nowhere.
SERVICE_ACCOUNT = "dcor-local"
_CANNOT_LOG_IN = ("--no-create-home", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin")


class UnreachableForAccountError(ControlError):
    """The account that runs the services cannot read what it has to run."""

    def __init__(self, account: Account, path: Path) -> None:
        super().__init__(
            f"Root starts the services as the account '{account.name}', but this account cannot "
            f"reach {path}. Move the checkout to a place that everybody can read (for example "
            f"below /srv), or run the command as an ordinary user."
        )


@dataclass(frozen=True)
class Account:
    """An account of the operating system."""

    name: str
    uid: int
    gid: int

    @property
    def is_present_user(self) -> bool:
        """Whether this is who we are."""
        return self.uid == os.geteuid()

    def identity(self) -> dict[str, Any]:
        """Arguments for :mod:`subprocess` that make a child run as this account."""
        if self.is_present_user:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def service_account() -> Account:
    """The account that services run as: the present user, or an ordinary one if that is root."""
    if os.geteuid() != 0:
        return _named(pwd.getpwuid(os.geteuid()).pw_name)
    try:
        return _named(SERVICE_ACCOUNT)
    except KeyError:
        _create(SERVICE_ACCOUNT)
        return _named(SERVICE_ACCOUNT)


def require_reachable(account: Account, paths: Sequence[Path]) -> None:
    """Make sure that `account` can read every one of `paths`.

    Raises
    ------
    UnreachableForAccountError
        For the first path that it cannot reach.
    """
    for path in paths:
        test = subprocess.run(
            ["/usr/bin/test", "-r", str(path)], check=False, cwd="/", **account.identity()
        )
        if test.returncode != 0:
            raise UnreachableForAccountError(account, path)


def _named(name: str) -> Account:
    entry = pwd.getpwnam(name)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _create(name: str) -> None:
    subprocess.run(
        ["/usr/sbin/useradd", "--system", "--user-group", *_CANNOT_LOG_IN, name],
        check=True,
    )
