"""Buckets: one per circle, made on first need, with rules that are compared and repaired."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from dcor_shared.objects import rules
from dcor_shared.objects.errors import (
    ObjectMissingError,
    StoreRefusedError,
    StoreUnavailableError,
    UnsafeStoreError,
    error_code,
    store_errors,
)
from dcor_shared.objects.names import bucket_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_s3 import S3Client

    from dcor_shared.objects.store import ObjectStore

#: Seconds for which a bucket that was seen is believed to exist.
MEMO_SECONDS = 300.0
_MEMO_ENTRIES = 10_000
#: When to look again for a bucket, by endpoint and name.
_seen: dict[tuple[str, str], float] = {}
#: Buckets whose rules this process has compared once: their maker may have been interrupted.
_ruled: set[tuple[str, str]] = set()

#: Seconds before a rule is looked at again that could not be set.
_PAUSES = (0.2, 0.5)
_EXISTS_ALREADY = {"BucketAlreadyOwnedByYou", "OperationAborted"}
_WRONG_REGION = {"InvalidLocationConstraint", "IllegalLocationConstraintException"}


@dataclass(frozen=True)
class RulesReport:
    """What applying the rules did.

    Attributes
    ----------
    changed
        Names of the rules that were missing or different and were set.
    unsupported
        Rules that this store does not know, with its answer.
    """

    changed: tuple[str, ...]
    unsupported: Mapping[str, str] = field(default_factory=dict)


def ensure_bucket(store: ObjectStore, circle_id: str) -> str:
    """Name of the bucket of a circle, which is made, with its rules, if it is missing.

    The caller makes sure that the circle exists. That the bucket exists is remembered for
    ``MEMO_SECONDS`` (see :func:`forget_buckets`); its rules are compared, and repaired, once per
    process.
    """
    bucket = bucket_name(store.settings, circle_id)
    key, now = (store.settings.endpoint_url, bucket), time.monotonic()
    if _seen.get(key, 0.0) > now:
        return bucket
    if not bucket_exists(store, bucket):
        _create(store, bucket)
        _ruled.discard(key)
    if key not in _ruled:
        apply_rules(store, bucket)
    _remember(key, now + MEMO_SECONDS)
    return bucket


def forget_buckets() -> None:
    """Forget which buckets were seen: the next use of each looks again."""
    _seen.clear()


def bucket_exists(store: ObjectStore, bucket: str) -> bool:
    """Whether there is such a bucket, by one request for this bucket alone."""
    try:
        with store_errors(f"Looking for bucket {bucket}"):
            store.client.head_bucket(Bucket=bucket)
    except ObjectMissingError:
        return False
    return True


def apply_rules(store: ObjectStore, bucket: str) -> RulesReport:
    """Compare policy, public access block, CORS and lifecycle of a bucket and repair them.

    Returns
    -------
    RulesReport
        What was changed, and which optional rules the store does not support.

    Raises
    ------
    UnsafeStoreError
        If the store refuses the policy by which objects are published.
    """
    changed: list[str] = []
    unsupported: dict[str, str] = {}
    if _apply_policy(store, bucket, unsupported):
        changed.append("policy")
    for rule in _optional_rules(store, bucket):
        try:
            if _apply(rule):
                changed.append(rule.name)
        except StoreRefusedError as error:
            unsupported[rule.name] = str(error)
    return RulesReport(tuple(changed), unsupported)


def _remember(key: tuple[str, str], until: float) -> None:
    if len(_seen) >= _MEMO_ENTRIES:
        _seen.clear()
        _ruled.clear()
    _seen[key] = until
    _ruled.add(key)


def _create(store: ObjectStore, bucket: str) -> None:
    where: Any = {}
    if store.settings.region != "us-east-1":
        where = {"CreateBucketConfiguration": {"LocationConstraint": store.settings.region}}
    with store_errors(f"Creating bucket {bucket}"):
        try:
            store.client.create_bucket(Bucket=bucket, **where)
        except ClientError as error:
            if error_code(error) in _WRONG_REGION:
                # On some stores the region is a word for signing and no place.
                store.client.create_bucket(Bucket=bucket)
            elif error_code(error) not in _EXISTS_ALREADY:
                # Otherwise somebody else created it at the same moment.
                raise


def _apply_policy(store: ObjectStore, bucket: str, unsupported: dict[str, str]) -> bool:
    with store_errors(f"Reading the owner of {bucket}"):
        owner = store.client.get_bucket_acl(Bucket=bucket)["Owner"].get("ID", "")
    wanted = rules.policy(store.settings, bucket, owner)
    try:
        return _put_policy(store, bucket, wanted)
    except StoreRefusedError as error:
        unsupported["policy for the upload user"] = str(error)
    try:
        return _put_policy(store, bucket, rules.readers_policy(bucket))
    except StoreRefusedError as error:
        raise UnsafeStoreError(
            f"The object store refuses the policy that publishes objects by their tag: {error}"
            " Such a store cannot be used."
        ) from error


def _put_policy(store: ObjectStore, bucket: str, wanted: dict[str, Any]) -> bool:
    client = store.client
    rule = _Rule(
        "policy",
        wanted,
        lambda: json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"]),
        lambda: client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(wanted)),
    )
    return _apply(rule)


@dataclass(frozen=True)
class _Rule:
    """An optional rule: what it should be, how it is read and how it is written."""

    name: str
    wanted: Any
    read: Callable[[], Any]
    write: Callable[[], Any]


def _optional_rules(store: ObjectStore, bucket: str) -> list[_Rule]:
    found = [_access_block_rule(store.client, bucket), _lifecycle_rule(store.client, bucket)]
    if store.settings.site_url:
        found.append(_cors_rule(store.client, bucket, rules.cors(store.settings)))
    return found


def _access_block_rule(client: S3Client, bucket: str) -> _Rule:
    block: Any = rules.PUBLIC_ACCESS_BLOCK
    return _Rule(
        "public access block",
        block,
        lambda: client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"],
        lambda: client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block),
    )


def _lifecycle_rule(client: S3Client, bucket: str) -> _Rule:
    lifecycle: Any = {"Rules": rules.LIFECYCLE}
    return _Rule(
        "lifecycle",
        rules.LIFECYCLE,
        lambda: client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"],
        lambda: client.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration=lifecycle
        ),
    )


def _cors_rule(client: S3Client, bucket: str, wanted: Any) -> _Rule:
    return _Rule(
        "cors",
        wanted,
        lambda: client.get_bucket_cors(Bucket=bucket)["CORSRules"],
        lambda: client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": wanted}),
    )


def _apply(rule: _Rule) -> bool:
    """Write a rule unless the store has it already; whether it was written."""
    for pause in (*_PAUSES, None):
        if _is_set(rule):
            return False
        try:
            with store_errors(f"Setting the {rule.name} of a bucket"):
                rule.write()
        except StoreUnavailableError:
            # a store that is just being told the same by somebody else may fail (Ceph does)
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return True
    raise AssertionError


def _is_set(rule: _Rule) -> bool:
    try:
        return bool(_comparable(rule.read()) == _comparable(rule.wanted))
    except ClientError:
        # Not set, or cannot be read: writing it tells which.
        return False


def _comparable(value: Any) -> Any:
    """The same rule in one form: stores reorder lists and shorten those of one entry."""
    if isinstance(value, dict):
        if "Prefix" in value and "Filter" not in value and "ID" in value:
            value = {**value, "Filter": {"Prefix": value["Prefix"]}}
            del value["Prefix"]
        return {key: _comparable(entry) for key, entry in value.items()}
    if isinstance(value, list):
        entries = sorted((_comparable(entry) for entry in value), key=_sort_key)
        return entries[0] if len(entries) == 1 else entries
    return value


def _sort_key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
