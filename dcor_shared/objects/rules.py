"""The rules of a bucket as data: who may do what, from where, and what is removed by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dcor_shared.objects.names import ARTIFACTS, STAGING

if TYPE_CHECKING:
    from dcor_shared.objects.settings import StoreSettings

#: Days after which an unfinished multipart upload is aborted.
UNFINISHED_UPLOAD_DAYS = 5
#: Days after which an upload that nobody registered is deleted.
FORGOTTEN_UPLOAD_DAYS = 7

_PUBLIC_ACLS = ["authenticated-read", "public-read", "public-read-write"]
#: Denied even for objects that the upload user owns because it has put them (Ceph).
#: Listed one by one, because Ceph 16 applies ``NotAction`` to some actions only.
_NEVER_FOR_UPLOADER = [
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:DeleteObjectTagging",
    "s3:DeleteObjectVersion",
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListMultipartUploadParts",
    "s3:PutObjectAcl",
    "s3:PutObjectTagging",
]
#: AWS and MinIO name owners by 64 hex digits, which no policy needs to mention.
_CANONICAL_ID = re.compile(r"[0-9a-f]{64}")

#: Public ACLs are ignored. ``BlockPublicAcls`` stays off: with it Ceph refuses every PUT.
PUBLIC_ACCESS_BLOCK = {
    "BlockPublicAcls": False,
    "BlockPublicPolicy": False,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": False,
}

LIFECYCLE: list[dict[str, Any]] = [
    {
        "ID": "abort-unfinished-uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_UPLOAD_DAYS},
    },
    {
        "ID": "delete-forgotten-uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": f"{STAGING}/"},
        "Expiration": {"Days": FORGOTTEN_UPLOAD_DAYS},
    },
]


def policy(settings: StoreSettings, bucket: str, owner: str) -> dict[str, Any]:
    """Bucket policy.

    Parameters
    ----------
    settings
        Names the upload user, if there is one.
    bucket
        Name of the bucket.
    owner
        Identifier of the application's user as the store gives it.
    """
    statements = [_readers(bucket)]
    if settings.upload_access_key_id:
        statements += _application(bucket, owner) + _uploader(settings, bucket)
    return {"Version": "2012-10-17", "Statement": statements}


def readers_policy(bucket: str) -> dict[str, Any]:
    """Bucket policy for stores whose policies know no users (MinIO)."""
    return {"Version": "2012-10-17", "Statement": [_readers(bucket)]}


def cors(settings: StoreSettings) -> list[dict[str, Any]]:
    """CORS rules: scripts of the site may read by ranges and upload.

    CKAN's view of texts asks with jQuery, which adds ``X-Requested-With``.
    """
    site = urlsplit(settings.site_url)
    return [
        {
            "AllowedOrigins": [f"{site.scheme}://{site.netloc}"],
            "AllowedMethods": ["GET", "HEAD", "PUT"],
            "AllowedHeaders": ["Range", "Content-Type", "Content-MD5", "X-Requested-With"],
            "ExposeHeaders": ["ETag", "Content-Range", "Content-Length", "Accept-Ranges"],
            "MaxAgeSeconds": 3600,
        }
    ]


def _readers(bucket: str) -> dict[str, Any]:
    return {
        "Sid": "Allow anonymous access to objects with public:true tag",
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["s3:GetObject"],
        "Resource": [f"arn:aws:s3:::{bucket}/{artifact}/*" for artifact in ARTIFACTS],
        "Condition": {"StringEquals": {"s3:ExistingObjectTag/public": "true"}},
    }


def _application(bucket: str, owner: str) -> list[dict[str, Any]]:
    """The owner of the bucket does not own what the upload user puts there (Ceph)."""
    if not owner or _CANONICAL_ID.fullmatch(owner):
        return []
    return [
        {
            "Sid": "The application may do everything",
            "Effect": "Allow",
            "Principal": {"AWS": [_user_arn(owner)]},
            "Action": ["s3:*"],
            "Resource": _everything(bucket),
        }
    ]


def _uploader(settings: StoreSettings, bucket: str) -> list[dict[str, Any]]:
    who = {"Principal": {"AWS": [_user_arn(settings.upload_user)]}}
    staging = [f"arn:aws:s3:::{bucket}/{STAGING}/*"]
    put = {"Action": ["s3:PutObject"], "Resource": staging}
    everything_else = {"Action": _NEVER_FOR_UPLOADER, "Resource": _everything(bucket)}
    statements: list[dict[str, Any]] = [
        {"Sid": "The upload user may put staged objects", "Effect": "Allow", **put},
        {"Sid": "The upload user may not do anything else", "Effect": "Deny", **everything_else},
        {
            "Sid": "The upload user may not publish by tag",
            "Effect": "Deny",
            **put,
            "Condition": {"StringEquals": {"s3:RequestObjectTag/public": "true"}},
        },
        {
            "Sid": "The upload user may not publish by ACL",
            "Effect": "Deny",
            **put,
            "Condition": {"StringEquals": {"s3:x-amz-acl": _PUBLIC_ACLS}},
        },
    ]
    return [{**statement, **who} for statement in statements]


def _everything(bucket: str) -> list[str]:
    return [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]


def _user_arn(name: str) -> str:
    """ARN of a user; Ceph writes a user of a tenant as ``tenant$user``."""
    if name.startswith("arn:"):
        return name
    tenant, _, user = name.rpartition("$")
    return f"arn:aws:iam::{tenant}:user/{user}"
