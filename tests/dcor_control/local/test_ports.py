"""Ports are found once and kept; whoever has one of ours is named."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager

import pytest

from dcor_control.local import ports, services
from dcor_control.local.ports import PortRequest


@contextmanager
def listening():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_ports_are_below_those_of_outgoing_connections():
    chosen = ports.choose([PortRequest("web"), PortRequest("osd", 16)], {})
    assert max(chosen.values()) + 16 < 32768


def test_kept_ports_are_kept_even_while_in_use():
    with listening() as port:
        assert ports.choose([PortRequest("web")], {"web": port}) == {"web": port}


def test_no_port_is_given_twice():
    chosen = ports.choose([PortRequest("a", 16), PortRequest("b"), PortRequest("c", 2)], {})
    taken = [*range(chosen["a"], chosen["a"] + 16), chosen["b"], chosen["c"], chosen["c"] + 1]
    assert len(taken) == len(set(taken))


def test_who_has_a_port_is_named():
    with listening() as port, pytest.raises(ports.PortTakenError) as error:
        ports.require_free("web", port)
    assert f"Port {port} (web)" in str(error.value)
    assert f"process {os.getpid()}" in str(error.value)


def test_every_port_that_the_object_store_uses_is_looked_at():
    ours = ports.choose(services.WISHES, {})
    services.require_free_ports(ours)
    with listening() as port, pytest.raises(ports.PortTakenError, match=r"\(ceph_osd\)"):
        services.require_free_ports(ours | {"ceph_osd": port - 15})
