"""``hash``: everything that steps need of a 1 GiB object, against hashing it range by range.

The store is 20 ms away. Own work: the description by ranged reads, then one download that hashes
and leaves the scratch copy from which the measurement is condensed. The rival reads 1 MiB after
the other for the hash alone. Both have to give the same hash; own reading is counted in bytes.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
import uuid
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.outcome import Outcome
from benchmarks.parts.latency import behind
from dcor_shared.measurement import sandbox
from dcor_shared.measurement.description import describe
from dcor_shared.objects.buckets import ensure_bucket
from dcor_shared.objects.names import object_name
from dcor_shared.objects.settings import StoreSettings
from dcor_shared.objects.sources import RangeSource
from dcor_shared.objects.store import ObjectStore, read_range, require
from dcor_shared.objects.transfer import download
from dcor_shared.testing.long_measurements import write_long_measurement
from tests.harness import places, runs, services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcor_shared.objects.names import ObjectName

GOAL = 5
_LATENCY = 0.02
_EVENTS = 80_000
_PIECE = 2**20
#: Headers of the answers, and what the description reads before.
_BYTES_MORE = 1.02


def run() -> Outcome:
    """Put the object, then read it in both ways."""
    circle, resource = str(uuid.uuid4()), str(uuid.uuid4())
    with _store() as store, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        target = object_name(store.settings, circle, resource)
        ensure_bucket(store, circle)
        size = _put(store, target, write_long_measurement(folder / "m", _EVENTS, noise=True))
        sandbox.warm_up()
        with behind(_port(store), _LATENCY) as proxy:
            far = ObjectStore(
                replace(store.settings, endpoint_url=f"http://127.0.0.1:{proxy.port}")
            )
            own, own_hash = _own(far, target, folder)
            share = proxy.bytes / size
            rival, rival_hash = _rival(far, target)
    print(f"size {size / 2**30:.2f} GiB, own reading {share:.3f} of it")
    print(f"own {own:.1f} s, ranges of 1 MiB one after the other {rival:.1f} s")
    problems = []
    if own_hash != rival_hash:
        problems.append("the hashes differ")
    if share > _BYTES_MORE:
        problems.append(f"the object was read {share:.2f} times")
    return Outcome(rival / own, GOAL, problems=tuple(problems))


def _own(store: ObjectStore, name: ObjectName, folder: Path) -> tuple[float, str]:
    started = time.perf_counter()
    found = require(store, name)
    source = RangeSource(store, name, found.size, found.etag)
    description = describe(source, name="cells.rtdc")
    described = time.perf_counter()
    copied = download(store, name, folder / "copy", expected_etag=found.etag)
    ended = time.perf_counter()
    print(
        f"described {description.event_count} events in {described - started:.2f} s "
        f"({source.requests} requests, {source.bytes_read / 2**20:.1f} MiB), "
        f"downloaded in {ended - described:.2f} s"
    )
    return ended - started, copied.sha256


def _rival(store: ObjectStore, name: ObjectName) -> tuple[float, str]:
    started = time.perf_counter()
    found, digest = require(store, name), hashlib.sha256()
    for start in range(0, found.size, _PIECE):
        stop = min(start + _PIECE, found.size)
        digest.update(read_range(store, name, start, stop, found.etag))
    return time.perf_counter() - started, digest.hexdigest()


def _put(store: ObjectStore, name: ObjectName, path: Path) -> int:
    with path.open("rb") as file:
        store.client.put_object(Bucket=name.bucket, Key=name.key, Body=file)
    size = path.stat().st_size
    path.unlink()
    return size


def _port(store: ObjectStore) -> int:
    port = urlsplit(store.settings.endpoint_url).port
    assert port is not None
    return port


@contextmanager
def _store() -> Iterator[ObjectStore]:
    """A store of the test services, with buckets that are removed afterwards."""
    with services.lock("use", shared=True):
        found, _started = services.up()
        with runs.taken(found) as run:
            yield ObjectStore(
                StoreSettings(
                    endpoint_url=found.s3_endpoint,
                    bucket_name=f"{run.prefix}-hash-{{organization_id}}",
                    access_key_id=found.store.access_key_id,
                    secret_access_key=found.store.secret_access_key,
                )
            )
    if not places.KEPT_FILE.exists() and services.is_unused():
        services.down()
