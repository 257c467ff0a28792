"""Whatever a request says: it is answered or refused, and never an error of the server."""

from __future__ import annotations

from urllib.parse import quote

import pytest

_TEXTS = [
    "%00",
    "hans%00",
    "%ED%A0%80",
    "%FF%FE",
    "%F0%9F%98%80",
    "-1",
    "1e9",
    "NaN",
    "9" * 30,
    "9" * 15,
    "9" * 5000,
    "%D9%A3",
    "3,,7,",
    "x" * 5000,
    quote("'; DROP TABLE package; --"),
    quote("%s %(id)s {0} :name \\"),
    quote("<script>alert(1)</script>"),
    "..%2F..%2Fetc%2Fpasswd",
]
_PLACES = [
    "view.json?signed={}",
    "metadata.json?{}",
    "logs.json?name={}",
    "logs.json?name=hans&search={}",
    "logs.json?name=hans&start={}",
    "logs.json?name=hans&count={}",
    "logs.txt?name={}",
    "tables.json?name={}",
    "tables.json?name=monitor&start={}",
    "tables.csv?name={}",
    "tables.{}?name=monitor",
    "events/{}.json",
    "events/{}.bin",
    "events/0/{}.png",
    "events/{}/image.png",
    "events.bin?indices={}",
]
_VALUES = ["bytes=-", "bytes=9-1", "bytes=0-0,2-3", "\x7f", '"', 'W/"', "*", "x" * 4000, "¿"]
_REFUSED_AT_MOST = 499


@pytest.mark.parametrize("place", _PLACES)
def test_parameters(app, make_measurement, place):
    made = make_measurement()
    for text in _TEXTS:
        answer = app.get(made.route(place.format(text)), follow_redirects=False)
        assert answer.status_code <= _REFUSED_AT_MOST, (place, text)


@pytest.mark.parametrize("header", ["Range", "If-Range", "If-None-Match", "Accept-Language"])
@pytest.mark.parametrize(
    "name", ["view.bin", "view.json", "events/0.json", "events.bin?indices=1", "preview.jpg"]
)
def test_headers(app, make_measurement, header, name):
    address = make_measurement().route(name)
    for value in _VALUES:
        answer = app.get(address, headers={header: value}, follow_redirects=False)
        assert answer.status_code <= _REFUSED_AT_MOST, value
