"""The socket that the web server gets."""

from __future__ import annotations

import socket

import pytest

from dcor_control.local import listener


def test_connections_send_at_once():
    with listener.listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_is_not_shared():
    with listener.listen("127.0.0.1", 0) as listening, pytest.raises(OSError, match="in use"):
        listener.listen("127.0.0.1", listening.getsockname()[1])
