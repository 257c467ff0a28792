"""``feature``: one scalar feature of 160 kB by ``dcserv``, version 3, against h5grove.

h5grove serves the very same (condensed) file from the local disk to everybody; ``dcserv`` checks
the permission first: of an anonymous reader of a public measurement, and of a token of a private
one. Both are served by uWSGI with the same settings, keep-alive, two clients. The ratio is that of
the requests per second; the smaller of the two counts. The same request is sent again and again, so
both have the bytes in memory: h5grove those of the file, ``dcserv`` the answer, which it sends
again after having checked that it is still right. For comparison, and not counted: answers that are
put together anew for every request (*anew*).
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import requests

from benchmarks.outcome import Outcome
from benchmarks.parts.instance import Uploaded, instance, upload
from benchmarks.parts.load import Contender, measure
from benchmarks.parts.rival import served as rival_served
from dcor_shared.testing.measurements import write_measurement

if TYPE_CHECKING:
    from tests.harness.served import Served

GOAL = 1.0
_EVENTS = 20_000
_FEATURE, _BYTES = "deform", 160_000


def run() -> Outcome:
    """Serve a measurement both ways and measure."""
    with instance() as served, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_measurement(
            folder / "cells.rtdc", events=_EVENTS, image=False, mask=False, image_bg=False
        )
        uploads = {private: upload(served, path, private=private) for private in (False, True)}
        _download(served, uploads[False], folder / "condensed.rtdc")
        module = "benchmarks.parts.h5grove_app:application"
        with rival_served(module, folder, H5_BASE_DIR=str(folder)) as url:
            rival = Contender(
                "h5grove, no check",
                f"{url}/data?file=condensed.rtdc&path=/events/{_FEATURE}&format=npy",
            )
            own = [_own(served, uploaded, private=private) for private, uploaded in uploads.items()]
            return _compare(rival, own, [_anew(contender) for contender in own])


def _compare(rival: Contender, own: list[Contender], anew: list[Contender]) -> Outcome:
    expected = np.load(io.BytesIO(rival.body()))
    assert expected.nbytes == _BYTES
    for contender in (*own, *anew):
        np.testing.assert_array_equal(np.load(io.BytesIO(contender.body())), expected)
    measure([rival, *own, *anew], clients=2, requests=100, rounds=8)
    for contender in (rival, *own, *anew):
        print(
            f"{contender.name:34} {contender.rate:7.0f} requests/s  p50"
            f" {contender.median * 1e3:5.2f} ms   {contender.rate / rival.rate:.2f}",
            flush=True,
        )
    return Outcome(min(contender.rate for contender in own) / rival.rate, GOAL)


def _own(served: Served, uploaded: Uploaded, *, private: bool) -> Contender:
    return Contender(
        f"dcserv, {'private, token' if private else 'public, anonymous'}",
        f"{served.url}/api/3/action/dcserv?id={uploaded.id}&version=3&query=feature"
        f"&feature={_FEATURE}&format=npy",
        served.person.headers if private else {},
    )


def _anew(contender: Contender) -> Contender:
    """The same, asked for in a way that the layer that keeps answers leaves alone."""
    headers = contender.headers | {"If-None-Match": '"-"'}
    return Contender(f"{contender.name}, anew", contender.url, headers)


def _download(served: Served, uploaded: Uploaded, path: Path) -> None:
    url = f"{served.url}/dataset/{uploaded.dataset}/resource/{uploaded.id}/condensed.rtdc"
    path.write_bytes(requests.get(url, timeout=600).content)
