"""What can go wrong with the object store; each error is named after what does not hold."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnectionError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISSING = {"404", "NoSuchKey", "NoSuchBucket", "NoSuchUpload", "NotFound"}
_CHANGED = {"412", "PreconditionFailed"}
_DAMAGED = {"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch"}
_SERVER_ERROR, _NOT_IMPLEMENTED = 500, 501


class ObjectStoreError(Exception):
    """Something is wrong with the object store or with an object; `code` names it for programs."""

    code: ClassVar[str] = "object-store-error"


class ObjectMissingError(ObjectStoreError):
    """There is no such object, bucket or upload."""

    code = "object-missing"


class StagedObjectMissingError(ObjectMissingError):
    """Nothing was uploaded for this resource."""

    code = "staged-object-missing"


class ObjectChangedError(ObjectStoreError):
    """The object is no longer the one with the expected ETag."""

    code = "object-changed"


class SizeMismatchError(ObjectStoreError):
    """The uploaded object does not have the size that was announced."""

    code = "size-mismatch"


class ChecksumMismatchError(ObjectStoreError):
    """Bytes that arrived are not those that were sent."""

    code = "checksum-mismatch"


class UploadTooLargeError(ObjectStoreError):
    """A file of this size cannot be uploaded."""

    code = "upload-too-large"


class StoreUnavailableError(ObjectStoreError):
    """The store does not answer or has an internal error; trying again later may help."""

    code = "store-unavailable"


class StoreRefusedError(ObjectStoreError):
    """The store refused a request; trying again does not help."""

    code = "store-refused"


class UnsafeStoreError(ObjectStoreError):
    """The store misses something that keeps private data private."""

    code = "unsafe-store"


@contextmanager
def store_errors(what: str) -> Iterator[None]:
    """Turn errors of the S3 library into the errors of this module.

    Parameters
    ----------
    what
        What was being done with which object; the beginning of the message.
    """
    try:
        yield
    except ClientError as error:
        raise _named(error, what) from error
    except (HTTPClientError, NoConnectionError, IncompleteReadError) as error:
        raise StoreUnavailableError(
            f"{what}: the object store does not answer ({error}). Is it running and reachable?"
        ) from error


def error_code(error: ClientError) -> str:
    """Code that the store gave, e.g. ``NoSuchKey``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _named(error: ClientError, what: str) -> ObjectStoreError:
    code = error_code(error)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _MISSING:
        return ObjectMissingError(f"{what}: there is no such object ({code}).")
    if code in _CHANGED:
        return ObjectChangedError(f"{what}: the object was replaced in the meantime.")
    if code in _DAMAGED:
        return ChecksumMismatchError(f"{what}: the bytes were damaged on their way ({code}).")
    if status >= _SERVER_ERROR and status != _NOT_IMPLEMENTED:
        return StoreUnavailableError(f"{what}: the object store has a problem ({error}).")
    return StoreRefusedError(f"{what}: the object store refused this ({error}).")
