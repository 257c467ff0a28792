"""Answers as they go over connections that were taken over."""

from __future__ import annotations

import pytest

from ckanext.dc_serve.waiting.answers import packed


def test_the_end_of_the_connection_is_the_end_of_the_answer():
    """Routers that keep connections alive would take it for a pause."""
    sent = packed(("200 OK", [("connection", "keep-alive"), ("Content-Length", "7")], b"known"))
    assert sent == b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nknown"


def test_what_has_not_changed_has_no_length():
    sent = packed(("304 NOT MODIFIED", [("Content-Length", "0"), ("ETag", '"a"')], b""))
    assert sent == b'HTTP/1.1 304 NOT MODIFIED\r\nConnection: close\r\nETag: "a"\r\n\r\n'


def test_headers_alone_have_the_length_of_the_answer():
    sent = packed(("200 OK", [("Content-Length", "5")], b""), "HEAD")
    assert sent == b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n"


def test_headers_that_cannot_be_sent_are_an_error():
    with pytest.raises(UnicodeEncodeError):
        packed(("200 OK", [("X-Name", "€")], b""))
