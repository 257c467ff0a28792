"""The policy as data."""

from __future__ import annotations

import pytest

from ckanext.dc_view.security import policy

STORE = "https://store.example.org:9000/anything"


def test_scripts_come_from_the_site_alone():
    found = policy.site_policy(STORE)
    assert found["script-src"] == ("'self'",)
    assert found["object-src"] == ("'none'",)
    assert found["base-uri"] == found["frame-ancestors"] == ("'self'",)


def test_bytes_and_pictures_come_from_the_store():
    found = policy.site_policy(STORE)
    assert "https://store.example.org:9000" in found["connect-src"]
    assert "https://store.example.org:9000" in found["img-src"]


def test_a_site_without_store_has_a_policy():
    assert policy.site_policy("")["connect-src"] == ("'self'",)


def test_the_captcha_is_let_in_where_there_is_one():
    found = policy.site_policy(STORE, has_captcha=True)
    assert "https://www.google.com/recaptcha/" in found["script-src"]
    assert "https://www.google.com/recaptcha/" in found["frame-src"]


def test_operators_add_sources():
    words = ["script-src", "https://a.org", "https://b.org", "img-src", "http:"]
    more = policy.parse_sources(words)
    assert more == {"script-src": ("https://a.org", "https://b.org"), "img-src": ("http:",)}
    found = policy.merged(policy.site_policy(""), more)
    assert found["script-src"] == ("'self'", "https://a.org", "https://b.org")


def test_what_falls_back_keeps_what_it_had():
    words = ["script-src-elem", "https://b.org", "media-src", "https://c.org"]
    words += ["script-src", "a.org"]
    found = policy.with_more(policy.site_policy(""), policy.parse_sources(words))
    assert found["script-src-elem"] == ("'self'", "a.org", "https://b.org")
    assert found["media-src"] == ("'self'", "https://c.org")
    assert "manifest-src" not in found


def test_secrets_of_the_store_are_in_no_header():
    assert policy.origin("https://user:secret@store.example.org:9000/x") == (
        "https://store.example.org:9000"
    )
    assert policy.origin("http://[::1]:9000") == "http://[::1]:9000"


@pytest.mark.parametrize(
    "word",
    [
        *("*", "https:", "data:", "'self'", "'nonce-YQ=='", "*.a.org", "a.org:81"),
        *("http://localhost:1", "localhost:1", "wss://a.org/b", "http://[::1]:9000"),
        *("https://*:*", "https://img-src.a.org"),
    ],
)
def test_sources_of_all_kinds(word):
    assert policy.parse_sources(["img-src", word]) == {"img-src": (word,)}


def test_reports():
    words = ["report-uri", "/told", "report-to", "group"]
    assert policy.parse_sources(words) == {"report-uri": ("/told",), "report-to": ("group",)}


@pytest.mark.parametrize(
    "words",
    [
        ["https://a.org"],
        ["img-src", "a;script-src"],
        ["x-src", "a"],
        ["script-src", "https://a.org", "conect-src", "https://b.org"],
        ["script-src", "https://a.b", "connect-src:", "https://c.d"],
        ["script-src", "connect-src.x"],
        ["script-src", "conect-src.x"],
        ["script-src", "conect-src:https://c.d"],
        ["script-src", "javascript:"],
        ["report-to", "img-scr:"],
        ["frame-ancestors", "'none'"],
        ["img-src", "'slef'"],
        ["img-src", "a.org\r\nX: y"],
        ["img-src", "ä.org"],
    ],
)
def test_what_cannot_be_read_is_refused(words):
    with pytest.raises(policy.WrongSourcesError, match="out of place: name a directive"):
        policy.parse_sources(words)


def test_the_header():
    assert policy.header({"script-src": ("'self'", "a"), "img-src": ("b",)}) == (
        "script-src 'self' a; img-src b"
    )
