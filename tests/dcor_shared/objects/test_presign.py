"""Presigned URLs: stable, valid for long enough, computed without a store."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from dcor_shared.objects.names import ObjectName
from dcor_shared.objects.presign import (
    MAX_LIFETIME,
    content_disposition,
    presign_complete,
    presign_get,
    presign_part,
    presign_put,
)
from dcor_shared.objects.settings import StoreSettings
from dcor_shared.objects.staging import settle
from dcor_shared.objects.store import ObjectStore

NAME = ObjectName("circle-1", "resource/abc/def/0123-45")
OFFLINE = ObjectStore(
    StoreSettings(
        endpoint_url="https://objects.example.org",
        bucket_name="circle-{organization_id}",
        access_key_id="application",
        secret_access_key="secret",
        upload_access_key_id="uploader",
        upload_secret_access_key="other secret",
    )
)
#: Start of a window of every lifetime used here.
MOMENT = 1_800_000_000

FILENAMES = [
    "measurement.rtdc",
    'with "quotes".rtdc',
    "semi;colon.rtdc",
    "Bühler Größe.rtdc",
    "100% back\\slash.rtdc",
    "line\r\nSet-Cookie: a=b.rtdc",
    "文字.rtdc",
]


def query(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}


def signed_at(url: str) -> float:
    return datetime.strptime(query(url)["X-Amz-Date"] + "+0000", "%Y%m%dT%H%M%SZ%z").timestamp()


@given(lifetime=st.integers(1, MAX_LIFETIME), now=st.floats(1.7e9, 1.9e9, allow_nan=False))
def test_a_url_lives_as_long_as_promised_and_never_too_long(lifetime, now):
    found = presign_get(OFFLINE, NAME, lifetime, now=now)
    seconds = int(query(found.url)["X-Amz-Expires"])
    assert signed_at(found.url) <= now
    assert 1 <= seconds <= MAX_LIFETIME
    assert found.requested == now
    assert found.expires == signed_at(found.url) + seconds
    # A week is the most that stores accept, so that a second may be missing there.
    assert found.expires >= now + lifetime - (lifetime == MAX_LIFETIME)


@pytest.mark.parametrize("lifetime", [0, -1, MAX_LIFETIME + 1])
def test_other_lifetimes_are_refused(lifetime):
    with pytest.raises(ValueError, match="604800"):
        presign_get(OFFLINE, NAME, lifetime)
    with pytest.raises(ValueError, match="604800"):
        presign_put(OFFLINE, NAME, lifetime)


@pytest.mark.parametrize("lifetime", [5, 100, 3600, 86_400])
def test_a_url_stays_the_same_for_a_fifth_of_its_lifetime(lifetime):
    window = lifetime // 5
    start = MOMENT // window * window
    first = presign_get(OFFLINE, NAME, lifetime, now=start).url
    assert presign_get(OFFLINE, NAME, lifetime, now=start + window - 0.001).url == first
    assert presign_get(OFFLINE, NAME, lifetime, now=start + window).url != first
    assert presign_get(OFFLINE, NAME, lifetime, now=start - 0.001).url != first


def _ours_and_theirs(store: ObjectStore, operation: str) -> tuple[str, str]:
    """The same URL from here and from the S3 library."""
    where = {"Bucket": NAME.bucket, "Key": NAME.key}
    upload = {**where, "UploadId": "2~a/b+c="}
    disposition = content_disposition("Größe;.rtdc")
    cases = {
        "get_object": (
            lambda: presign_get(store, NAME, 3600, "Größe;.rtdc").url,
            (store.client, {**where, "ResponseContentDisposition": disposition}, 4320),
        ),
        "put_object": (lambda: presign_put(store, NAME), (store.upload_client, where, 86_400)),
        "upload_part": (
            lambda: presign_part(store, NAME, "2~a/b+c=", 7),
            (store.upload_client, {**upload, "PartNumber": 7}, 86_400),
        ),
        "complete_multipart_upload": (
            lambda: presign_complete(store, NAME, "2~a/b+c="),
            (store.client, upload, 86_400),
        ),
    }
    ours, (client, params, seconds) = cases[operation]
    return ours(), client.generate_presigned_url(operation, params, ExpiresIn=seconds)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://objects.example.org",
        "https://objects.example.org:443",
        "http://127.0.0.1:9000",
        "http://Example.org:80",
        "https://[::1]:8443",
    ],
)
@pytest.mark.parametrize(
    "operation", ["get_object", "put_object", "upload_part", "complete_multipart_upload"]
)
def test_signatures_are_those_of_the_s3_library(endpoint, operation):
    settings = StoreSettings(**vars(OFFLINE.settings) | {"endpoint_url": endpoint})
    with freeze_time(datetime.fromtimestamp(MOMENT, UTC)):
        ours, theirs = _ours_and_theirs(ObjectStore(settings), operation)
    assert query(ours) == query(theirs)
    assert urlsplit(ours).path == urlsplit(theirs).path


def test_uploads_are_signed_by_the_upload_user_and_completed_by_the_application():
    def signer(url: str) -> str:
        return query(url)["X-Amz-Credential"].partition("/")[0]

    assert signer(presign_put(OFFLINE, NAME)) == "uploader"
    assert signer(presign_part(OFFLINE, NAME, "id", 1)) == "uploader"
    assert signer(presign_complete(OFFLINE, NAME, "id")) == "application"
    assert signer(presign_get(OFFLINE, NAME).url) == "application"


def test_signing_takes_well_below_a_millisecond():
    started = time.perf_counter()
    for number in range(200):
        presign_get(OFFLINE, ObjectName("circle-1", f"resource/{number}"), filename="a.rtdc")
    assert (time.perf_counter() - started) / 200 < 0.001


def test_private_urls_contain_the_word_expires():
    assert "expires" in presign_get(OFFLINE, NAME).url.lower()


@pytest.mark.parametrize("filename", FILENAMES)
def test_a_filename_cannot_break_out_of_its_header(filename):
    value = content_disposition(filename)
    assert value.isascii()
    assert value.isprintable()
    plain = value.removeprefix('attachment; filename="').partition('"')[0]
    assert not set(plain) & {'"', "\\", "%"}
    rest = value.removeprefix(f'attachment; filename="{plain}"')
    assert rest == "" or rest.startswith("; filename*=UTF-8''")
    assert ";" not in rest[1:]


@pytest.mark.parametrize("filename", FILENAMES)
def test_the_store_answers_with_the_filename(store, circle_id, uploader, filename):
    resource_id, _ = uploader.upload(b"some bytes")
    settle(store, circle_id, resource_id)
    url = presign_get(store, uploader.name(resource_id), 60, filename).url
    answer = requests.get(url, timeout=30)
    assert answer.content == b"some bytes"
    assert answer.headers["Content-Disposition"] == content_disposition(filename)


@pytest.mark.parametrize("lifetime", [1, 2, 3, 4, 5, 3600, MAX_LIFETIME])
def test_the_store_accepts_every_lifetime(store, circle_id, uploader, lifetime):
    resource_id, _ = uploader.upload(b"some bytes")
    settle(store, circle_id, resource_id)
    found = presign_get(store, uploader.name(resource_id), lifetime)
    assert requests.get(found.url, timeout=30).status_code == 200


def test_the_store_refuses_what_was_not_signed(store, circle_id, uploader):
    resource_id, _ = uploader.upload(b"some bytes")
    settle(store, circle_id, resource_id)
    name = uploader.name(resource_id)
    url = presign_get(store, name).url
    other = uploader.name(str(uuid.uuid4())).key
    expired = presign_get(store, name, 5, now=time.time() - 60).url
    for bad in (url[:-1] + ("0" if url[-1] != "0" else "1"), url.replace(name.key, other), expired):
        assert requests.get(bad, timeout=30).status_code == 403
    assert requests.delete(url, timeout=30).status_code == 403
