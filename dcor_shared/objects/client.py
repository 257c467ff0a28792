"""S3 clients: made late, pooled per process, never shared across a fork."""

from __future__ import annotations

import os
import threading
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from dcor_shared.objects.settings import StoreSettings

#: Who signs: the application, who may do everything, or the user who may only upload.
Role = Literal["application", "uploader"]

_CONNECT_TIMEOUT = 5
#: Seconds that a store may be silent.
READ_TIMEOUT = 60
#: The same while it copies up to 5 GiB on its side.
COPY_TIMEOUT = 900

_lock = threading.Lock()
_clients: dict[_Wanted, S3Client] = {}


class _Wanted(NamedTuple):
    """What a client is made of. Names of buckets are not: all of them share its connections."""

    endpoint_url: str
    access_key: str
    secret_key: str
    region: str
    verify: bool | str
    read_timeout: int


def client(
    settings: StoreSettings, role: Role = "application", read_timeout: int = READ_TIMEOUT
) -> S3Client:
    """S3 client of this process for `settings`; thread-safe.

    Without an upload user both roles are the application's.
    """
    wanted = _Wanted(
        settings.endpoint_url,
        *credentials(settings, role),
        settings.region,
        settings.ssl_verify,
        read_timeout,
    )
    if (known := _clients.get(wanted)) is not None:
        return known
    with _lock:
        if wanted not in _clients:
            _clients[wanted] = _make_client(wanted)
        return _clients[wanted]


def credentials(settings: StoreSettings, role: Role) -> tuple[str, str]:
    """Access key and secret key of a role."""
    if role == "uploader" and settings.upload_access_key_id:
        return settings.upload_access_key_id, settings.upload_secret_access_key
    return settings.access_key_id, settings.secret_access_key


def _make_client(wanted: _Wanted) -> S3Client:
    return _session().client(
        "s3",
        endpoint_url=wanted.endpoint_url,
        aws_access_key_id=wanted.access_key,
        aws_secret_access_key=wanted.secret_key,
        region_name=wanted.region,
        verify=wanted.verify,
        config=_config(wanted.read_timeout),
    )


@cache
def _session() -> boto3.session.Session:
    """What clients are made with: megabytes of service descriptions, read once.

    Only used under the lock: sessions are not thread-safe, unlike the clients they make.
    """
    return boto3.session.Session()


def _config(read_timeout: int) -> Config:
    return Config(
        signature_version="s3v4",
        # With "when_supported" Ceph answers 411 to every PUT over TLS.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path", "payload_signing_enabled": True},
        max_pool_connections=32,
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=read_timeout,
        retries={"mode": "standard", "total_max_attempts": 3},
    )


def _forget_clients() -> None:
    """Start anew in a forked child: sockets and locks of the parent are not its own."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    _clients.clear()
    _session.cache_clear()


os.register_at_fork(after_in_child=_forget_clients)
