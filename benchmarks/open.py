"""``open``: unmodified dclab opens a measurement and reads ``deform``, ``volume`` and an image.

Site and object store are behind proxies that add 20 ms to every request. The rival is the same
measurement on the same server, with a condensed file made by dclab's command. It is served twice:

``rival``
    counted: nothing but the condensed file itself differs. More than half of the time is then
    spent on the picture, on requests to the original that are the same;
``with basins``
    for comparison: the way in which DCOR serves it, with DCOR's basins in it, and what they offer
    announced as features of the condensed file.

Every reading starts in a fresh process; its requests are printed, and how far the ratio could go
if they took equally long and a single block of the condensed file held all that is read: dclab
asks for everything else whatever the server does. The ratio is that of the times,
the smaller one of public and private; to the first feature at most two requests to the site and
five to the store are allowed, and no warnings.
"""

from __future__ import annotations

import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.outcome import Outcome
from benchmarks.parts import dclab_condensed
from benchmarks.parts.distant import Distance, read
from benchmarks.parts.instance import instance, upload
from benchmarks.parts.proxy import delay_proxy
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from benchmarks.parts.distant import Reading
    from benchmarks.parts.instance import Uploaded
    from benchmarks.parts.proxy import DelayProxy
    from tests.harness.served import Served

    Readings = dict[str, list[Reading]]

GOAL = 1.6
_EVENTS = 20_000
_DELAY = 0.02
_ROUNDS = 7
_SITE_REQUESTS, _STORE_REQUESTS = 2, 5
_OWN, _RIVAL, _WITH_BASINS = "own", "rival", "with basins"


def run() -> Outcome:
    """Serve a measurement with all kinds of condensed files, and read it from afar."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        served, store = stack.enter_context(_distant_instance())
        site = stack.enter_context(delay_proxy(served.url))
        distance = Distance(site, store, _DELAY)
        path = _measurement(folder / "cells.rtdc")
        condensed = dclab_condensed.condense(path, folder / "condensed.rtdc")
        ratios, problems = [], []
        for private in (False, True):
            uploads = _uploads(served, path, condensed, private=private)
            token = served.person.token if private else ""
            readings = _readings(distance, uploads, token)
            ratio, found = _judge("private" if private else "public", readings)
            ratios.append(ratio)
            problems += found
    return Outcome(min(ratios), GOAL, problems=tuple(problems))


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


def _uploads(served: Served, path: Path, condensed: Path, *, private: bool) -> dict[str, Uploaded]:
    names = (_OWN, _RIVAL, _WITH_BASINS)
    uploads = {name: upload(served, path, private=private) for name in names}
    dclab_condensed.replace(served, uploads[_RIVAL], condensed, private=private)
    file = dclab_condensed.with_basins(condensed, served, uploads[_WITH_BASINS])
    dclab_condensed.replace(served, uploads[_WITH_BASINS], file, private=private)
    dclab_condensed.announce_basins(served, uploads[_WITH_BASINS])
    return uploads


def _readings(distance: Distance, uploads: dict[str, Uploaded], token: str) -> Readings:
    """Read in turn; the first round is not counted."""
    readings: Readings = {name: [] for name in uploads}
    for _ in range(_ROUNDS + 1):
        for name, uploaded in uploads.items():
            readings[name].append(read(distance, uploaded.id, token))
    readings = {name: found[1:] for name, found in readings.items()}
    _check_values(readings)
    return readings


def _judge(who: str, readings: Readings) -> tuple[float, list[str]]:
    times = {
        name: statistics.median(one.total for one in found) for name, found in readings.items()
    }
    for name, found in readings.items():
        one, seconds = found[-1], times[name]
        print(
            f"{who}, {name}: {seconds * 1e3:.0f} ms ({seconds / times[_OWN]:.2f}),"
            f" {len(one.warnings)} warnings"
        )
        print(*(f"    {line}" for line in one.log()), sep="\n", flush=True)
    print(f"{who}: {_bound(readings[_OWN][-1], readings[_RIVAL][-1])}", flush=True)
    return times[_RIVAL] / times[_OWN], _problems(who, readings[_OWN])


def _bound(own: Reading, rival: Reading) -> str:
    """How far the ratio could go with the best of condensed files, by number of requests."""
    others = own.requests() - own.blocks_of("condensed")
    return (
        f"{own.requests()} requests, the rival {rival.requests()}; {others} of them cannot be saved"
        f" by any condensed file, so the ratio of requests is at most"
        f" {rival.requests() / (others + 1):.2f}"
    )


def _problems(who: str, readings: list[Reading]) -> list[str]:
    problems = []
    for one in readings:
        site, store = one.to_first_feature()
        if site > _SITE_REQUESTS or store > _STORE_REQUESTS:
            problems.append(f"{who}: {site} + {store} requests to the first feature")
        problems += [f"{who}: {text}" for text in one.warnings]
    return sorted(set(problems))


def _check_values(readings: Readings) -> None:
    expected = readings[_RIVAL][0].values
    for one in (one for found in readings.values() for one in found):
        np.testing.assert_array_equal(one.values["deform"], expected["deform"])
        np.testing.assert_allclose(one.values["volume"], expected["volume"], rtol=1e-6, atol=1e-9)
        np.testing.assert_array_equal(one.values["image"], expected["image"])
