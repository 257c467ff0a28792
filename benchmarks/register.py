"""``register``: adding resource number 1, 10, 100 and 1000 to a draft, against CKAN 2.12.

Both are asked with the same call over HTTP, ``package_revise`` with ``update__resources__extend``,
by an ordinary user, in turn. Up to the number that counts the drafts are filled with the same
resources, which have the metadata that the suite extracts from a measurement. Here the file of a
new resource lies on the object store, and looking at it and settling it is part of the time; CKAN
just stores what it is told, and gets in the call what the suite finds out by itself. The ratio is
that of the medians at number 1000.

CKAN searches with ``pg_search`` as the suite does, or with Solr if the variable ``SOLR_URL`` names
an (empty) core for it.
"""

from __future__ import annotations

import os
import statistics
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from benchmarks.outcome import Outcome
from benchmarks.parts.instance import instance
from benchmarks.parts.stock import stock_ckan
from tests.harness import services

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.harness.served import Served

GOAL = 10
_NUMBERS = (1, 10, 100, 1000)
_REPEATS = 5
_CONTENT = b"deformability"
_ETAG = "a7e3b8f4" * 4
#: What the steps write into the dictionary of a measurement.
_EXTRACTED: dict[str, Any] = {
    "dc:experiment:date": "2025-03-14",
    "dc:experiment:event count": 20000,
    "dc:experiment:run index": 1,
    "dc:experiment:sample": "synthetic cells",
    "dc:experiment:time": "15:09:26",
    "dc:imaging:flash device": "LED (synthetic)",
    "dc:imaging:flash duration": 2.0,
    "dc:imaging:frame rate": 2000.0,
    "dc:imaging:pixel size": 0.34,
    "dc:imaging:roi position x": 500,
    "dc:imaging:roi position y": 400,
    "dc:imaging:roi size x": 250,
    "dc:imaging:roi size y": 80,
    "dc:setup:channel width": 20.0,
    "dc:setup:chip region": "channel",
    "dc:setup:flow rate": 0.06,
    "dc:setup:flow rate sample": 0.015,
    "dc:setup:flow rate sheath": 0.045,
    "dc:setup:identifier": "SYN-0001",
    "dc:setup:medium": "CellCarrierB",
    "dc:setup:module composition": "AcCellerator",
    "dc:setup:software version": "dcor_shared.testing",
}


@dataclass
class _Site:
    """One of the two sites.

    Attributes
    ----------
    name
        What is printed.
    url, admin, person
        The site, and the tokens of a sysadmin and of an ordinary user.
    new_resource
        Gives a resource that can be registered.
    circle
        Id of the circle.
    times
        Seconds of every call, by the number of the resource that it adds.
    """

    name: str
    url: str
    admin: str
    person: str
    new_resource: Callable[[_Site], dict[str, Any]]
    circle: str = ""
    times: dict[int, list[float]] = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, action: str, token: str | None = None, **data: Any) -> Any:
        """Call an action by POST; its result."""
        answer = self.session.post(
            f"{self.url}/api/3/action/{action}",
            json=data,
            headers={"Authorization": token or self.person},
            timeout=600,
        )
        if not answer.ok:
            raise requests.HTTPError(f"{self.name}: {answer.status_code} {answer.text[:2000]}")
        return answer.json()["result"]

    def median(self, number: int) -> float:
        """Median time of the calls that add resource number `number` [s]."""
        return statistics.median(self.times[number])


def run() -> Outcome:
    """Fill drafts on both sites and add to them in turn."""
    solr_url = os.environ.get("SOLR_URL")
    with instance() as served, stock_ckan(services.load(), solr_url) as stock:
        sites = [
            _Site("suite", served.url, served.admin.token, served.person.token, _uploaded),
            _Site("stock CKAN", stock.url, stock.admin, stock.person, _described),
        ]
        for site in sites:
            site.circle = site.call("organization_create", name="bench")["id"]
        problems = tuple(text for number in _NUMBERS for text in _measure(sites, number, served))
    own, rival = sites
    for number in _NUMBERS:
        print(_line(own, rival, number), flush=True)
    return Outcome(rival.median(_NUMBERS[-1]) / own.median(_NUMBERS[-1]), GOAL, problems=problems)


def _line(own: _Site, rival: _Site, number: int) -> str:
    figures = ", ".join(f"{one.name} {one.median(number) * 1e3:6.0f} ms" for one in (own, rival))
    return f"resource number {number:4}: {figures}, {rival.median(number) / own.median(number):.1f}"


def _measure(sites: list[_Site], number: int, served: Served) -> list[str]:
    """Measure calls that add a resource with this number (or a few more); what is wrong."""
    drafts = [_draft(site, number - 1) for site in sites]
    problems = []
    for repeat in range(_REPEATS):
        if number == 1 and repeat:
            drafts = [_draft(site, 0) for site in sites]
        names = [_add(site, draft, number) for site, draft in zip(sites, drafts, strict=True)]
        if names[0] != names[1] or len(names[0]) != (number if number == 1 else number + repeat):
            problems.append(f"the drafts with {number} resources differ: {names}")
        _rest(served)
    return problems


def _draft(site: _Site, size: int) -> str:
    """A draft with so many resources, filled with one call; its id."""
    dataset = site.call(
        "package_create",
        title="Growing",
        name=f"growing-{uuid.uuid4().hex}",
        owner_org=site.circle,
        private=True,
        state="draft",
        authors="Peter Fly Pan",
        license_id="CC-BY-4.0",
    )
    if size:
        resources = [_full(f"file{number:04}.rtdc") for number in range(size)]
        site.call("package_patch", site.admin, id=dataset["id"], resources=resources)
    return str(dataset["id"])


def _full(name: str) -> dict[str, Any]:
    """A resource as large as one whose processing is finished; it has no file to be processed."""
    known = {"hash": _ETAG, "sha256": _ETAG * 2, "size": len(_CONTENT), "mimetype": "RT-DC"}
    known |= {"format": "RT-DC", "s3_available": True}
    return _placed(str(uuid.uuid4()), name) | known | _EXTRACTED


def _placed(resource_id: str, name: str) -> dict[str, Any]:
    place = f"http://store.example.org/circle/{resource_id}"
    return {"id": resource_id, "name": name, "url": f"{place}/{name}", "s3_url": place}


def _uploaded(site: _Site) -> dict[str, Any]:
    """A resource as clients of the suite register it; its file is uploaded now."""
    asked = {"organization_id": site.circle, "file_size": len(_CONTENT)}
    allowed = site.call("resource_upload_s3_urls", **asked)
    requests.put(allowed["upload_urls"][0], data=_CONTENT, timeout=60).raise_for_status()
    return {"id": allowed["resource_id"], "s3_available": True}


def _described(_site: _Site) -> dict[str, Any]:
    """A resource with everything that the suite finds out by itself when it is registered."""
    known = {"etag": _ETAG, "size": len(_CONTENT), "mimetype": "text/plain"}
    known |= {"s3_available": True, "url_type": "s3_upload"}
    return _placed(str(uuid.uuid4()), "") | known


def _add(site: _Site, dataset: str, number: int) -> list[str]:
    """Add a resource and note the time; the names of all resources afterwards."""
    new = site.new_resource(site)
    count = len(site.call("package_show", id=dataset)["resources"])
    new["name"] = f"more{count:04}.txt"
    started = time.perf_counter()
    answer = site.call("package_revise", match={"id": dataset}, update__resources__extend=[new])
    site.times.setdefault(number, []).append(time.perf_counter() - started)
    shown = site.call("package_show", id=dataset)
    assert shown["resources"][-1]["id"] == new["id"]
    assert [one["id"] for one in shown["resources"]] == [
        one["id"] for one in answer["package"]["resources"]
    ]
    return [one["name"] for one in shown["resources"]]


def _rest(served: Served) -> None:
    """Wait until the workers have nothing left to do: only the calls are measured."""
    import psycopg2

    deadline = time.monotonic() + 60
    with psycopg2.connect(served.database_url) as link, link.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM dcor_step"
                " WHERE state IN ('pending', 'running') OR fields IS NOT NULL"
            )
            if cursor.fetchone() == (0,):
                return
            link.rollback()
            time.sleep(0.2)
    raise TimeoutError("the workers are not done")
