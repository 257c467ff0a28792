"""Runs CKAN's own tests on pg_search: ``python -m tests.pg_search [ARGUMENTS OF PYTEST]``.

Without arguments these are the tests of CKAN's search. The services are those of the harness; the
configuration is the one that CKAN's tests expect (its ``test-core.ini`` is not in the wheel).
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from dcor_control.local.files import write_atomically
from tests.harness import places, runs, services

if TYPE_CHECKING:
    from pathlib import Path

    from tests.harness.runs import Run
    from tests.harness.services import TestServices

SEARCH = ("ckan.tests.lib.search", "ckan.tests.logic.action.test_get")
# The wheel of CKAN lacks the schema files that these two read; they fail with Solr, too.
INCOMPLETE = "not test_check_invalid_schema and not test_check_schema_with_wrong_version"

_OPTIONS = {
    "use": "egg:ckan",
    "SECRET_KEY": "only for tests",
    "SERVER_NAME": "test.ckan.net",
    "WTF_CSRF_ENABLED": "False",
    "testing": "true",
    "solr_url": "http://127.0.0.1:9/solr/nobody",
    "smtp.server": "localhost:6675",
    "smtp.mail_from": "info@test.ckan.net",
    "ckan.plugins": "pg_search",
    "ckan.site_id": "test.ckan.net",
    "ckan.site_url": "http://test.ckan.net",
    "ckan.auth.create_dataset_if_not_in_organization": "true",
    "ckan.auth.create_unowned_dataset": "true",
    "ckan.auth.create_user_via_api": "false",
    "ckan.auth.roles_that_cascade_to_sub_groups": "admin",
    "ckan.auth.user_create_groups": "true",
    "ckan.auth.user_create_organizations": "true",
    "ckan.auth.user_delete_groups": "true",
    "ckan.auth.user_delete_organizations": "true",
    "ckan.extra_resource_fields": "alt_url",
    "ckan.legacy_route_mappings": '{"my_home": "home.index", "my_about": "home.about"}',
    "ckan.views.default_views": "image_view webpage_view",
}


def main(arguments: list[str]) -> int:
    """Bring up the services, run the tests on a database of their own; returns the exit code."""
    with services.lock("use", shared=True):
        found, _ = services.up()
        with runs.taken(found) as run:
            code = _pytest(_ini(found, run), arguments or [*SEARCH, "-q", "-k", INCOMPLETE])
    if not places.KEPT_FILE.exists() and services.is_unused():
        services.down()
    return code


def _ini(found: TestServices, run: Run) -> Path:
    options = _OPTIONS | {
        "sqlalchemy.url": found.database_url(run.database),
        "ckan.redis.url": found.redis_url(run.redis_database),
        "ckan.storage_path": str(run.folder / "storage"),
    }
    path = run.folder / "ckan.ini"
    lines = [f"{name} = {value}" for name, value in options.items()]
    write_atomically(path, "\n".join(["[app:main]", *lines, ""]))
    return path


def _pytest(ini: Path, arguments: list[str]) -> int:
    """Run pytest without this project's settings, which are stricter than CKAN's tests bear."""
    plugins = ("-p", "tests.pg_search.ckan_suite", "-p", "no:cacheprovider")
    own = ("-c", "/dev/null", "--rootdir", str(ini.parent), f"--ckan-ini={ini}", "--pyargs")
    command = [sys.executable, "-m", "pytest", *plugins, *own, *arguments]
    return subprocess.run(command, check=False, cwd=places.CHECKOUT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
