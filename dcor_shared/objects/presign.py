"""Presigned URLs (AWS Signature Version 4): pure computation, no network.

Signing is done here and not by the S3 library, because the time of signing has to be chosen: URLs
for reading stay the same within a window of time in every process, so that caches can work.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlsplit

from dcor_shared.objects.client import credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dcor_shared.objects.client import Role
    from dcor_shared.objects.names import ObjectName
    from dcor_shared.objects.settings import StoreSettings
    from dcor_shared.objects.store import ObjectStore

#: Seconds that a reader of private data gets.
PRIVATE_LIFETIME = 3600
#: Seconds that a reader of public data, or somebody who uploads, gets.
PUBLIC_LIFETIME = UPLOAD_LIFETIME = 86_400
#: No store accepts more.
MAX_LIFETIME = 7 * 86_400
_WINDOWS_PER_LIFETIME = 5
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class _Request:
    """The one thing that a URL is for, and who vouches for it."""

    role: Role
    method: str
    name: ObjectName
    query: Mapping[str, str]


@dataclass(frozen=True)
class PresignedURL:
    """A URL that lets its holder do one thing for some time.

    Attributes
    ----------
    url
        The URL.
    requested
        When it was asked for [seconds since the epoch].
    expires
        When it stops working [seconds since the epoch].
    """

    url: str
    requested: float
    expires: int


def presign_get(
    store: ObjectStore,
    name: ObjectName,
    lifetime: int = PRIVATE_LIFETIME,
    filename: str | None = None,
    now: float | None = None,
    *,
    inline: bool = False,
) -> PresignedURL:
    """URL for reading one object; the same within a window of a fifth of `lifetime`.

    Parameters
    ----------
    lifetime
        Seconds for which the URL works at least, 1 to 604 800; by up to a fifth longer.
    filename
        Name under which browsers save the object.
    now
        Time of the request [seconds since the epoch].
    inline
        Let browsers show the object instead of saving it.

    Raises
    ------
    ValueError
        If `lifetime` is out of range.
    """
    _check_lifetime(lifetime)
    now = time.time() if now is None else now
    window = max(1, min(lifetime // _WINDOWS_PER_LIFETIME, MAX_LIFETIME - lifetime))
    start = int(now) // window * window
    seconds = min(lifetime + window, MAX_LIFETIME)
    disposition = filename and content_disposition(filename, "inline" if inline else "attachment")
    query = {"response-content-disposition": disposition} if disposition else {}
    request = _Request("application", "GET", name, query)
    return PresignedURL(_sign(store.settings, request, start, seconds), now, start + seconds)


def presign_put(store: ObjectStore, name: ObjectName, lifetime: int = UPLOAD_LIFETIME) -> str:
    """URL for uploading one object in one request; signed by the upload user."""
    return _sign_upload(store, _Request("uploader", "PUT", name, {}), lifetime)


def presign_part(
    store: ObjectStore,
    name: ObjectName,
    upload_id: str,
    number: int,
    lifetime: int = UPLOAD_LIFETIME,
) -> str:
    """URL for uploading part `number` (from 1); signed by the upload user."""
    query = {"partNumber": str(number), "uploadId": upload_id}
    return _sign_upload(store, _Request("uploader", "PUT", name, query), lifetime)


def presign_complete(
    store: ObjectStore, name: ObjectName, upload_id: str, lifetime: int = UPLOAD_LIFETIME
) -> str:
    """URL for completing a multipart upload by POST; signed by the application's user."""
    request = _Request("application", "POST", name, {"uploadId": upload_id})
    return _sign_upload(store, request, lifetime)


def content_disposition(filename: str, kind: Literal["attachment", "inline"] = "attachment") -> str:
    """Value of ``Content-Disposition``, by default for a download (RFC 6266, RFC 5987)."""
    clean = "".join(char for char in filename if char.isprintable())
    plain = clean.encode("ascii", "replace").decode("ascii")
    plain = plain.replace("\\", "_").replace('"', "_").replace("%", "_")
    value = f'{kind}; filename="{plain}"'
    if plain != clean:
        value += f"; filename*=UTF-8''{quote(clean, safe='')}"
    return value


def _check_lifetime(lifetime: int) -> None:
    if not 1 <= lifetime <= MAX_LIFETIME:
        raise ValueError(f"A URL lives 1 to {MAX_LIFETIME} seconds, not {lifetime}.")


def _sign_upload(store: ObjectStore, request: _Request, lifetime: int) -> str:
    _check_lifetime(lifetime)
    return _sign(store.settings, request, int(time.time()), lifetime)


def _sign(settings: StoreSettings, request: _Request, start: int, seconds: int) -> str:
    access_key, secret_key = credentials(settings, request.role)
    moment = datetime.fromtimestamp(start, UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{settings.region}/s3/aws4_request"
    signed = {
        **request.query,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{access_key}/{scope}",
        "X-Amz-Date": moment,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    base, host, prefix = _endpoint(settings.endpoint_url)
    path = prefix + quote(f"/{request.name.bucket}/{request.name.key}", safe="/-_.~")
    query = _query_string(signed)
    canonical = f"{request.method}\n{path}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    key = _signing_key(secret_key, moment[:8], settings.region)
    return f"{base}{path}?{query}&X-Amz-Signature={_signature(key, moment, scope, canonical)}"


def _signature(key: bytes, moment: str, scope: str, canonical: str) -> str:
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}"
    return hmac.digest(key, text.encode(), "sha256").hex()


def _query_string(values: Mapping[str, str]) -> str:
    """Query in the one form that is signed: sorted, everything unusual escaped."""
    return "&".join(f"{key}={quote(values[key], safe='-_.~')}" for key in sorted(values))


@lru_cache(maxsize=32)
def _signing_key(secret_key: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret_key}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


@lru_cache(maxsize=32)
def _endpoint(url: str) -> tuple[str, str, str]:
    """Scheme and host, value of the header ``Host``, and path of an endpoint."""
    parts = urlsplit(url.rstrip("/"))
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    if parts.port not in (None, _DEFAULT_PORTS.get(parts.scheme)):
        host += f":{parts.port}"
    return f"{parts.scheme}://{host}", host, quote(parts.path, safe="/-_.~")
