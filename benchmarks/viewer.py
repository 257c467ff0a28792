"""``viewer``: from the address to the first plot of 100 000 events, in Chromium on loopback.

The page is the resource page of a served instance, its browser's cache is empty each time. Besides
the time count the script's size, the bytes of the overview that come over the wire and the requests
that the viewer adds to CKAN's page, and the frames per second while one moves and zooms the plot
with all its points. There is no rival: the ratio is one second over the median time.

The measurement has no images, so that it is made in seconds; thumbnails are loaded after the plot.
"""

from __future__ import annotations

import gzip
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.outcome import Outcome
from benchmarks.parts.instance import instance
from dcor_shared.testing.measurements import write_measurement
from tests.browser.browsers import launched
from tests.browser.markup import ASSETS
from tests.browser.uploads import upload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser, Page, Request

GOAL = 1.0
_EVENTS = 100_000
_ROUNDS = 7
_MOST_SCRIPT, _MOST_DATA, _MOST_REQUESTS, _LEAST_FRAMES = 80_000, 300_000, 6, 30
#: What the viewer adds to the page besides the document itself.
_OWN = ("_styles.css", "_dc_view.js", "/view/", "view.bin", "view.json")
_READY = ".dcv-explorer[data-ready]"
_FRAMES = """async wheel => {
    const over = document.querySelector(".dcv-plot .u-over");
    over.closest("[tabindex]").focus();
    const box = over.getBoundingClientRect();
    const send = (kind, type, x, y, more) => over.dispatchEvent(new kind(type, {
        pointerId: 1, button: 0, bubbles: true, cancelable: true,
        clientX: box.x + x, clientY: box.y + y, ...more}));
    if (!wheel) send(PointerEvent, "pointerdown", 200, 200);
    const began = performance.now();
    let frames = 0;
    while (performance.now() - began < 2000) {
        await new Promise(requestAnimationFrame);
        frames += 1;
        const way = 60 * Math.sin(frames / 15);
        if (wheel) send(WheelEvent, "wheel", 200, 200, {deltaY: way > 0 ? 4 : -4});
        else send(PointerEvent, "pointermove", 200 + way, 200 + way / 2);
    }
    const seconds = (performance.now() - began) / 1000;
    if (!wheel) send(PointerEvent, "pointerup", 200, 200);
    return frames / seconds;
}"""


def run() -> Outcome:
    """Serve a measurement and open its page."""
    with tempfile.TemporaryDirectory() as folder, instance() as served:
        path = Path(folder) / "cells.rtdc"
        write_measurement(path, events=_EVENTS, image=False, mask=False, image_bg=False)
        address = served.url + upload(served, [path], private=False).page(path.name)
        with launched() as browser:
            _open(browser, address)  # the web server's first answer is slower than all others
            opened = [_open(browser, address) for _ in range(_ROUNDS)]
            frames = _frames(browser, address)
    seconds, server = (
        statistics.median(one[part] for one in opened) for part in ("seconds", "server")
    )
    print(f"first plot: median {seconds:.3f} s of {[round(one['seconds'], 3) for one in opened]}")
    print(f"of which until the server has answered: {server:.3f} s")
    return Outcome(1 / seconds, GOAL, problems=tuple(_problems(opened[-1], frames)))


def _open(browser: Browser, address: str) -> dict[str, Any]:
    """Open the page with an empty cache: seconds, requests and bytes until the first plot."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    try:
        page = context.new_page()
        finished: list[Request] = []

        def note(request: Request) -> None:  # Playwright takes no built-in method
            finished.append(request)

        page.on("requestfinished", note)
        page.goto(address, wait_until="commit")
        page.wait_for_selector(_READY)
        entries: list[dict[str, Any]] = page.evaluate(
            "performance.getEntries().map(e => e.toJSON())"
        )
        opened = _counted(entries)
        return opened | {"data": _transferred(finished, opened["pieces"])}
    finally:
        context.close()


def _counted(entries: list[dict[str, Any]]) -> dict[str, Any]:
    (mark,) = [entry["startTime"] for entry in entries if entry["name"] == "dcv-first-plot"]
    before = [
        entry
        for entry in entries
        if entry["entryType"] == "resource"
        and entry["startTime"] < mark
        and any(part in entry["name"] for part in _OWN)
    ]
    data = [entry for entry in before if _is_data(entry["name"])]
    (document,) = [entry for entry in entries if entry["entryType"] == "navigation"]
    return {
        "seconds": mark / 1000,
        "server": document["responseStart"] / 1000,
        "requests": 1 + len(before),
        "pieces": len(data),
    }


def _transferred(finished: Sequence[Request], pieces: int) -> int:
    """Bytes of the first pieces of the overview, heads included, as they came over the wire."""
    data = sorted(
        (request for request in finished if _is_data(request.url)),
        key=lambda request: request.timing["startTime"],
    )
    if len(data) < pieces:
        raise RuntimeError(f"{pieces} pieces were read, {len(data)} were seen on the wire.")
    sizes = [request.sizes() for request in data[:pieces]]
    return sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)


def _is_data(url: str) -> bool:
    return "/view/" in url or "view.bin" in url


def _frames(browser: Browser, address: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page: Page = context.new_page()
    page.goto(address)
    page.wait_for_selector(_READY)
    found = {name: page.evaluate(_FRAMES, name == "zoom") for name in ("pan", "zoom")}
    state = page.evaluate("JSON.parse(document.getElementById('dc-view').dataset.state)")
    context.close()
    return found | {"points": state["sampled"]}


def _problems(opened: dict[str, Any], measured: dict[str, float]) -> list[str]:
    script = len(gzip.compress((ASSETS / "build" / "viewer.js").read_bytes(), 9))
    figures = [
        ("script, compressed", script, _MOST_SCRIPT, "bytes"),
        ("data", opened["data"], _MOST_DATA, "bytes"),
        ("requests", opened["requests"], _MOST_REQUESTS, ""),
    ]
    for name, value, most, unit in figures:
        print(f"{name}: {value:.0f} {unit} (at most {most})")
    for name in ("pan", "zoom"):
        value, points = measured[name], measured["points"]
        print(f"{name}: {value:.0f} frames/s with {points:.0f} points (at least {_LEAST_FRAMES})")
    slow = [name for name in ("pan", "zoom") if measured[name] < _LEAST_FRAMES]
    large = [f"{name} is above {most}" for name, value, most, _ in figures if value > most]
    return [*large, *(f"{name} has less than {_LEAST_FRAMES} frames/s" for name in slow)]
