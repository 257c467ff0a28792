"""Where the object store is and who we are there."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class StoreSettings:
    """Everything needed to reach the object store; hashable, so that clients can be pooled by it.

    Attributes
    ----------
    endpoint_url
        Base URL of the store without a trailing slash, e.g. ``http://127.0.0.1:9000``.
    bucket_name
        Template with ``{organization_id}``, which stands for the UUID of the circle.
    access_key_id, secret_access_key
        The application's user, who may do everything.
    upload_access_key_id, upload_secret_access_key
        The user ``uploader``, who may only put objects below ``upload/`` (empty: not set up).
    upload_user
        Name of that user in bucket policies.
    ssl_verify
        Verify TLS certificates: a boolean or the path of a CA bundle.
    region
        Region used for signing.
    site_url
        Origin that browsers come from; it is written into the CORS rules of every bucket.
    """

    endpoint_url: str
    bucket_name: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    upload_access_key_id: str = ""
    upload_secret_access_key: str = field(default="", repr=False)
    upload_user: str = "uploader"
    ssl_verify: bool | str = True
    region: str = "us-east-1"
    site_url: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether the store can be used at all."""
        return bool(self.endpoint_url and self.access_key_id and self.secret_access_key)
