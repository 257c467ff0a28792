"""The S3 users of an instance, and their keys."""

from __future__ import annotations

import json
import os
import pwd
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dcor_control.local.ceph.tools import attempt, run

if TYPE_CHECKING:
    from dcor_control.local.ceph.layout import CephLayout


@dataclass(frozen=True)
class StoreCredentials:
    """Keys of the two S3 users of an instance."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    upload_access_key_id: str
    upload_secret_access_key: str = field(repr=False)
    upload_user: str


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


def _user(layout: CephLayout, name: str) -> dict[str, Any]:
    """What Ceph knows of an S3 user, who is created if need be."""
    known = attempt(_admin(layout, "user", "info", "--uid", name), _owner(layout))
    if known.returncode != 0:
        command = _admin(layout, "user", "create", "--uid", name, "--display-name", name)
        known = run(command, _owner(layout))
    user: dict[str, Any] = json.loads(known.stdout)
    return user


def _write_only_keys(layout: CephLayout, name: str) -> tuple[str, str]:
    """Keys of the subuser of `name` who cannot read; the user itself is left without keys."""
    user, subuser = _user(layout, name), f"{name}:write"
    if all(key["user"] != subuser for key in user["keys"]):
        make = ["subuser", "create", "--uid", name, "--subuser", subuser, "--access", "write"]
        generate = ["--key-type", "s3", "--gen-access-key", "--gen-secret"]
        user = json.loads(run(_admin(layout, *make, *generate), _owner(layout)).stdout)
    for key in user["keys"]:
        if key["user"] == name:
            remove = ["key", "rm", "--uid", name, "--access-key", key["access_key"]]
            run(_admin(layout, *remove), _owner(layout))
    return _keys(user, subuser)


def _keys(user: dict[str, Any], name: str) -> tuple[str, str]:
    key = next(key for key in user["keys"] if key["user"] == name)
    return key["access_key"], key["secret_key"]


def _admin(layout: CephLayout, *arguments: str) -> list[str]:
    return ["radosgw-admin", "-c", str(layout.conf), *arguments]


def _owner(layout: CephLayout) -> dict[str, Any]:
    """Arguments of :mod:`subprocess` that make a tool run as the owner of the instance."""
    owner = layout.folder.stat().st_uid
    if owner == os.geteuid():
        return {}
    return {"user": owner, "group": pwd.getpwuid(owner).pw_gid, "extra_groups": [], "cwd": "/"}
