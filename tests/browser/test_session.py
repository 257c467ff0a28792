"""A whole instance while a page is open: addresses end, the store goes away, files are saved."""

from __future__ import annotations

import csv
import io
import re
import time
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.config import Config
from playwright.sync_api import expect

from .instance import COLUMNS, HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.harness.served import Served

_SECONDS, _PATIENCE = 2, 30


def _short_lived(served: Served, address: str) -> str:
    """Another address of an object, which soon ends."""
    _, bucket, key = urlsplit(address).path.split("/", 2)
    client = boto3.client(
        "s3",
        endpoint_url=served.s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id=served.store.access_key_id,
        aws_secret_access_key=served.store.secret_access_key,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    with closing(client):
        given = {"Bucket": bucket, "Key": key}
        return client.generate_presigned_url("get_object", Params=given, ExpiresIn=_SECONDS)


def _wait_for_its_end(address: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while requests.get(address, headers={"Range": "bytes=0-0"}, timeout=60).ok:
        assert time.monotonic() < deadline, "the address does not end"


def _shows_axis(opened, label: str) -> None:
    expect(opened.find(".dcv-plot")).to_have_attribute("aria-label", re.compile(re.escape(label)))


def test_a_private_address_that_ends_is_renewed_by_the_page(visit, served, datasets) -> None:
    page = datasets.private.page(HOSTILE)
    opened = visit("/about", login=True, ready=False)
    given: dict[str, str] = {}
    asked: list[tuple[int, str]] = []

    def answer(route: Route) -> None:
        """What the page was given at first stands for an address that soon ends."""
        url = route.request.url
        given.setdefault("first", url)
        given.setdefault("short", _short_lived(served, url))
        is_first = url == given["first"] and not given.get("renewed")
        route.continue_(url=given["short"] if is_first else url)

    def hear(response) -> None:
        if "signed=1" in response.url:
            given["renewed"] = "yes"
        if "/view/" in response.url or "view.bin" in response.url:
            asked.append((response.status, response.url))

    refused: list[str] = []
    opened.page.on("requestfailed", lambda request: refused.append(request.url))
    opened.page.route(f"{served.s3_endpoint}/**/view/**", answer)
    opened.page.on("response", hear)
    opened.go(page)
    _wait_for_its_end(given["short"])
    opened.choose("Horizontal axis", "bright_avg")
    _shows_axis(opened, "Brightness")
    assert given["renewed"], "the page has asked for another address"
    assert {given["first"], given["short"]} & set(refused), refused
    assert asked[-1][0] == 206
    assert not any("view.bin" in url for _, url in asked)
    assert opened.find(".dcv-notice-error").count() == 0
    opened.complaints.clear()  # of CORS: a refusal has no headers


def test_where_the_store_goes_away_the_site_hands_out_the_bytes(visit, served, datasets) -> None:
    opened = visit(datasets.public.page(HOSTILE))
    opened.page.route(f"{served.s3_endpoint}/**", lambda route: route.abort())
    with opened.page.expect_response("**/view.bin") as answer:
        opened.choose("Horizontal axis", "bright_avg")
    assert answer.value.status == 206
    _shows_axis(opened, "Brightness")
    opened.find(".dcv-plot").press("ArrowRight")
    opened.find(".dcv-picture").wait_for()
    assert opened.find(".dcv-notice-error").count() == 0


def test_where_both_go_away_the_page_says_so(visit, served, datasets) -> None:
    opened = visit(datasets.public.page(HOSTILE))
    for pattern in (f"{served.s3_endpoint}/**", "**/view.bin"):
        opened.page.route(pattern, lambda route: route.abort())
    opened.choose("Horizontal axis", "bright_avg")
    opened.says(".dcv-explorer", "The overview could not be loaded.")


def test_logs_are_saved_as_they_are(visit, datasets) -> None:
    opened = visit(datasets.public.page(HOSTILE), ready=False)
    opened.page.get_by_role("link", name="DC Logs").click()
    opened.wait_for_logs()
    block = opened.find(".dcv-log").filter(has=opened.page.get_by_text("plain", exact=True)).first
    block.locator("summary").first.click()
    name, content = opened.saved(block.get_by_role("link", name="Download (.txt)").click)
    assert (name, content.decode()) == ("hostile.rtdc_plain.txt", "one\ntwo\n")


@pytest.mark.parametrize(("kind", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_tables_are_saved_as_they_are(visit, datasets, kind, delimiter) -> None:
    opened = visit(datasets.public.page(HOSTILE), ready=False)
    opened.page.get_by_role("link", name="DC Logs").click()
    opened.wait_for_logs()
    block = opened.find(".dcv-log").filter(has=opened.page.get_by_text("plain", exact=True)).last
    block.locator("summary").first.click()
    name, content = opened.saved(block.get_by_role("link", name=f"Download (.{kind})").click)
    assert name == f"hostile.rtdc_plain.{kind}"
    names, *rows = csv.reader(io.StringIO(content.decode()), delimiter=delimiter)
    assert set(names) == set(COLUMNS)
    for column, values in COLUMNS.items():
        assert [float(row[names.index(column)]) for row in rows] == values


def test_editors_let_the_overview_be_made_again(visit, datasets) -> None:
    opened = visit(datasets.private.page(HOSTILE), login=True)
    with opened.page.expect_navigation(timeout=120_000):
        opened.page.get_by_role("button", name="Make the overview again").click()
        opened.says(".dcv-again", "The overview is being made again.")
    opened.page.wait_for_selector(".dcv-explorer[data-ready]")
    assert opened.page.get_by_role("button", name="Make the overview again").is_enabled()


def test_readers_are_not_offered_another_overview(visit, datasets) -> None:
    opened = visit(datasets.public.page(HOSTILE))
    assert opened.page.get_by_role("button", name="Make the overview again").count() == 0
