"""``open``: unmodified dclab opens a measurement and reads ``deform``, ``volume`` and an image.

Site and object store are behind proxies that add 20 ms to every request. The rival is the same
measurement on the same server, with its condensed file made by dclab's command, with the basins in
it and announced the way in which DCOR does it: the features of these basins count as features of
the condensed file. For comparison the figures without that announcement are printed as well
(``file only``): then nothing but the layout of the condensed file differs. Every reading starts in
a fresh process. The ratio is that of the times, the smaller one of public and private; to the first
feature at most two requests to the site and five to the store are allowed, and no warnings.
"""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import shutil
import statistics
import tempfile
import time
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg2

from benchmarks.outcome import Outcome
from benchmarks.parts.instance import instance, upload
from benchmarks.parts.proxy import delay_proxy
from dcor_shared.objects.names import object_name, object_url
from dcor_shared.objects.settings import StoreSettings
from dcor_shared.objects.store import ObjectStore
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from benchmarks.parts.instance import Uploaded
    from benchmarks.parts.proxy import DelayProxy
    from tests.harness.served import Served

GOAL = 1.6
_EVENTS = 20_000
_DELAY = 0.02
_ROUNDS = 5
_SITE_REQUESTS, _STORE_REQUESTS = 2, 5
_PICTURES = ["image", "image_bg", "mask"]


def run() -> Outcome:
    """Serve a measurement with both kinds of condensed files, and read it from afar."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        served, store = stack.enter_context(_distant_instance())
        site = stack.enter_context(delay_proxy(served.url))
        path = _measurement(folder / "cells.rtdc")
        by_dclab = _condense_with_dclab(path, folder / "condensed.rtdc")
        ratios, problems = [], []
        for private in (False, True):
            uploads = {
                name: upload(served, path, private=private)
                for name in ("own", "rival", "file only")
            }
            for name in ("rival", "file only"):
                file = _with_basins(by_dclab, served, uploads[name])
                _replace_condensed(served, uploads[name], file, private=private)
            _announce_basins(served, uploads["rival"])
            place = _Place(site, store, served.person.token if private else "", private=private)
            ratio, found = _compare(place, uploads)
            ratios.append(ratio)
            problems += found
    return Outcome(min(ratios), GOAL, problems=tuple(problems))


@dataclasses.dataclass(frozen=True)
class _Place:
    """Where readers go: the proxies of site and store, and with which token."""

    site: DelayProxy
    store: DelayProxy
    token: str
    private: bool


class _distant_instance(ExitStack):  # noqa: N801 - a context manager
    """An instance whose object store is known to everybody by the address of a proxy."""

    def __enter__(self) -> tuple[Served, DelayProxy]:
        super().__enter__()
        proxies: list[DelayProxy] = []

        def behind_proxy(endpoint: str) -> str:
            proxies.append(self.enter_context(delay_proxy(endpoint)))
            return proxies[0].url

        served = self.enter_context(instance(store_at=behind_proxy))
        return served, proxies[0]


def _measurement(path: Path) -> Path:
    """A measurement with as many features as real ones have that were processed completely."""
    from dclab import RTDCWriter, definitions

    write_measurement(path, events=_EVENTS)
    random = np.random.default_rng(47)
    with RTDCWriter(path, mode="append") as writer:
        for name in definitions.scalar_feature_names:
            if name.startswith("tex_"):
                writer.store_feature(name, random.normal(size=_EVENTS))
    return path


def _condense_with_dclab(path: Path, out: Path) -> Path:
    from dclab.cli import condense

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        condense(path_in=path, path_out=out)
    return out


def _with_basins(file: Path, served: Served, uploaded: Uploaded) -> Path:
    """A copy of the condensed file with the basins that DCOR adds to it."""
    from dclab import RTDCWriter

    copy = file.with_name(f"{uploaded.id}.rtdc")
    shutil.copyfile(file, copy)
    settings = _settings(served)
    url = object_url(settings, object_name(settings, uploaded.circle, uploaded.id))
    api = f"{served.url}/api/3/action/dcserv?id={uploaded.id}"
    basins = [
        ("DCOR dcserv", "dcor", api, "Original access via DCOR API"),
        ("DCOR direct S3", "s3", url, "Direct access via S3"),
        ("DCOR public S3 via HTTP", "http", url, "Public resource access via HTTP"),
    ]
    with RTDCWriter(copy, mode="append") as writer:
        for name, kind, location, text in basins:
            writer.store_basin(
                basin_name=name,
                basin_type="remote",
                basin_format=kind,
                basin_locs=[location],
                basin_descr=text,
                basin_feats=_PICTURES,
                verify=False,
            )
    return copy


def _announce_basins(served: Served, uploaded: Uploaded) -> None:
    """Announce the features of all basins of the condensed file as features of the file."""
    with psycopg2.connect(served.database_url) as link, link.cursor() as cursor:
        cursor.execute(
            "UPDATE dcor_record SET modified = clock_timestamp(),"
            " condensed = jsonb_set(condensed, '{basin_features}', %s) WHERE resource_id = %s",
            [json.dumps(_PICTURES), uploaded.id],
        )


def _settings(served: Served) -> StoreSettings:
    return StoreSettings(
        endpoint_url=served.s3_endpoint,
        bucket_name=served.bucket_name,
        access_key_id=served.store.access_key_id,
        secret_access_key=served.store.secret_access_key,
    )


def _replace_condensed(served: Served, rival: Uploaded, file: Path, *, private: bool) -> None:
    settings = _settings(served)
    name = object_name(settings, rival.circle, rival.id, "condensed")
    tags = {} if private else {"Tagging": "public=true"}
    ObjectStore(settings).client.put_object(
        Bucket=name.bucket, Key=name.key, Body=file.read_bytes(), **tags
    )


def _compare(place: _Place, uploads: dict[str, Uploaded]) -> tuple[float, list[str]]:
    who = "private" if place.private else "public"
    readings: dict[str, list[dict[str, Any]]] = {name: [] for name in uploads}
    place.site.delay = place.store.delay = _DELAY
    for _ in range(_ROUNDS):
        for name, uploaded in uploads.items():
            readings[name].append(_read(place, uploaded))
    place.site.delay = place.store.delay = 0.0
    _check_values(readings)
    times = {
        name: statistics.median(one["seconds"] for one in found) for name, found in readings.items()
    }
    for name, found in readings.items():
        one, seconds = found[-1], times[name]
        print(
            f"{who:8}{name:10}{seconds * 1e3:6.0f} ms ({seconds / times['own']:.2f}), requests:"
            f" {one['site']} + {one['store']} to the first feature,"
            f" {one['site in all']} + {one['store in all']} in all;"
            f" {len(one['warnings'])} warnings",
            flush=True,
        )
    return times["rival"] / times["own"], _problems(who, readings["own"])


def _problems(who: str, readings: list[dict[str, Any]]) -> list[str]:
    problems = []
    for one in readings:
        if one["site"] > _SITE_REQUESTS or one["store"] > _STORE_REQUESTS:
            problems.append(f"{who}: {one['site']} + {one['store']} requests to the first feature")
        problems += [f"{who}: {text}" for text in one["warnings"]]
    return sorted(set(problems))


def _check_values(readings: dict[str, list[dict[str, Any]]]) -> None:
    expected = readings["rival"][0]
    for one in (one for found in readings.values() for one in found):
        np.testing.assert_array_equal(one["deform"], expected["deform"])
        np.testing.assert_allclose(one["volume"], expected["volume"], rtol=1e-6, atol=1e-9)
        np.testing.assert_array_equal(one["image"], expected["image"])


def _read(place: _Place, uploaded: Uploaded) -> dict[str, Any]:
    """Read in a fresh process, in which dclab is imported but has not opened anything."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dclab", "dclab.rtdc_dataset.fmt_dcor", "requests", "boto3"])
    here, there = context.Pipe()
    process = context.Process(
        target=read, args=(there, place.site.url, uploaded.id, place.token), daemon=True
    )
    process.start()
    # the reader asks us to count at the right moments
    here.recv()
    place.site.lines.clear()
    place.store.lines.clear()
    here.send("go")
    here.recv()
    counts = {"site": len(place.site.lines), "store": len(place.store.lines)}
    if process.is_alive():
        here.send("go on")
    found: dict[str, Any] = here.recv()
    process.join()
    in_all = {"site in all": len(place.site.lines), "store in all": len(place.store.lines)}
    return found | counts | in_all


def read(pipe: Any, url: str, resource_id: str, token: str) -> None:
    """What is measured; runs in the fresh process."""
    from dclab.rtdc_dataset.fmt_dcor import RTDC_DCOR

    pipe.send("ready")
    pipe.recv()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        started = time.perf_counter()
        with RTDC_DCOR(
            f"{url}/api/3/action/dcserv?id={resource_id}", api_key=token, remember_api_key=False
        ) as ds:
            deform = ds["deform"][:]
            first = time.perf_counter() - started
            pipe.send("first")
            pipe.recv()
            resumed = time.perf_counter()
            volume, image = ds["volume"][:], ds["image"][0]
            seconds = first + time.perf_counter() - resumed
    pipe.send(
        {
            "seconds": seconds,
            "deform": deform,
            "volume": volume,
            "image": image,
            "warnings": [f"{one.category.__name__}: {one.message}" for one in caught],
        }
    )
