"""One run of pytest: its own databases, Redis databases and bucket names on shared services.

A run takes the first free of a fixed number of slots, so that what a crashed run left behind is
found and removed by the next one in the same slot.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import redis

from dcor_control.local import running
from dcor_control.local.account import service_account
from dcor_control.local.files import write_atomically
from dcor_control.local.layout import Layout
from dcor_shared.objects.settings import StoreSettings
from dcor_shared.objects.store import open_store

from . import configuration, databases, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .services import TestServices

_SLOTS = 60


@dataclass(frozen=True)
class Run:
    """What belongs to one run alone.

    Attributes
    ----------
    slot
        Number of the slot.
    folder
        For files of the run.
    database, served_database
        Names of the databases of the tests' own process and of the served instance.
    redis_database, served_redis_database
        Numbers of the Redis databases.
    prefix
        First part of the names of all buckets.
    """

    slot: int
    folder: Path
    database: str
    served_database: str
    redis_database: int
    served_redis_database: int
    prefix: str

    @property
    def ini(self) -> Path:
        """CKAN's configuration for the tests' own process."""
        return self.folder / "test.ini"


def of_slot(slot: int) -> Run:
    """The run in a slot; slot 0 is for tools started by hand."""
    return Run(
        slot=slot,
        folder=places.RUNS / str(slot),
        database=f"dcor_run_{slot}",
        served_database=f"dcor_served_{slot}",
        redis_database=2 * slot,
        served_redis_database=2 * slot + 1,
        prefix=f"t{slot}",
    )


@contextmanager
def taken(services: TestServices) -> Iterator[Run]:
    """Take a slot, clean and fill it, and clean it again at the end."""
    with ExitStack() as stack:
        run = of_slot(_take_slot(stack))
        run.folder.mkdir(parents=True, exist_ok=True)
        clean(services, run)
        stack.callback(clean, services, run)
        fill(services, run)
        yield run


def fill(services: TestServices, run: Run) -> None:
    """Make the database and the configuration of a run, and describe it for the test process."""
    databases.create(services, run.database)
    text = configuration.ini_text(
        services, run.database, run.prefix, redis_database=run.redis_database
    )
    write_atomically(run.ini, text)
    described = asdict(run) | {"folder": str(run.folder)}
    write_atomically(run.folder / "run.json", json.dumps(described, indent=2))


def load() -> Run:
    """The run that this process is part of."""
    path = os.environ.get(places.RUN_VARIABLE)
    if path is None:
        return of_slot(0)
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    return Run(**found | {"folder": Path(found["folder"])})


def clean(services: TestServices, run: Run) -> None:
    """Remove everything that a run has made in the services, and what it left running."""
    running.bring_down(Layout(run.folder / "served", service_account()))
    databases.drop(services, run.database)
    databases.drop(services, run.served_database)
    for number in (run.redis_database, run.served_redis_database):
        with redis.Redis.from_url(services.redis_url(number)) as client:
            client.flushdb()
    remove_buckets(services, run.prefix)


def store_settings(services: TestServices, prefix: str) -> StoreSettings:
    """The object store, with buckets whose names begin with `prefix`."""
    return StoreSettings(
        endpoint_url=services.s3_endpoint,
        bucket_name=prefix + "-{organization_id}",
        access_key_id=services.store.access_key_id,
        secret_access_key=services.store.secret_access_key,
        upload_access_key_id=services.store.upload_access_key_id,
        upload_secret_access_key=services.store.upload_secret_access_key,
        upload_user=services.store.upload_user,
        site_url=f"http://127.0.0.1:{services.web_port}",
    )


def remove_buckets(services: TestServices, prefix: str) -> None:
    """Remove all buckets (and their objects) whose names begin with `prefix` and a dash."""
    client = open_store(store_settings(services, prefix)).client
    for bucket in client.list_buckets()["Buckets"]:
        if bucket["Name"].startswith(f"{prefix}-"):
            _remove_bucket(client, bucket["Name"])


def _remove_bucket(client: object, name: str) -> None:
    for page in client.get_paginator("list_multipart_uploads").paginate(Bucket=name):
        for upload in page.get("Uploads", []):
            client.abort_multipart_upload(
                Bucket=name, Key=upload["Key"], UploadId=upload["UploadId"]
            )
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=name):
        keys = [{"Key": item["Key"]} for item in page.get("Contents", [])]
        if keys:
            client.delete_objects(Bucket=name, Delete={"Objects": keys})
    client.delete_bucket(Bucket=name)


def _take_slot(stack: ExitStack) -> int:
    places.RUNS.mkdir(parents=True, exist_ok=True)
    for slot in range(1, _SLOTS + 1):
        fd = stack.enter_context((places.RUNS / f"{slot}.lock").open("w"))
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        return slot
    raise RuntimeError(f"All {_SLOTS} slots for test runs are in use.")
