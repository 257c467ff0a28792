"""The configuration of CKAN in tests: the local profile's, on the test services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_control.local import ini
from dcor_control.local.account import service_account
from dcor_control.local.layout import Layout
from dcor_control.local.secrets import load_or_create

from . import places

if TYPE_CHECKING:
    from .services import TestServices


def ini_text(
    services: TestServices,
    database: str,
    prefix: str,
    *,
    redis_database: int,
    web_port: int | None = None,
    layout: Layout | None = None,
) -> str:
    """Text of a complete configuration.

    Parameters
    ----------
    database
        Name of the database.
    prefix
        First part of the names of all buckets.
    redis_database
        Number of the Redis database.
    web_port
        Port of the site's URL; one that nobody listens on unless given.
    layout
        Where the site keeps its files.
    """
    layout = layout or Layout(places.ROOT, service_account())
    facts = ini.IniFacts(
        site_id="dcor-test",
        title="DCOR (test)",
        web_port=web_port or services.web_port,
        database_url=services.database_url(database),
        redis_url=services.redis_url(redis_database),
        s3_endpoint=services.s3_endpoint,
        bucket_name=prefix + "-{organization_id}",
        storage=layout.storage,
        scratch=layout.scratch,
    )
    secrets = load_or_create(places.ROOT / "secrets.toml")
    return ini.render(
        ini.options(facts, secrets, services.store) | _for_tests(is_served=web_port is not None)
    )


def _for_tests(*, is_served: bool) -> dict[str, str]:
    return {
        # The pages for newcomers can be visited.
        "ckan.auth.create_user_via_web": str(is_served).lower(),
        # Nobody listens there: a mail that a test does not expect is an error.
        "smtp.server": "127.0.0.1:9",
    }
