"""An application that knows nothing for some time, behind the layer that lets requests wait."""

from __future__ import annotations

import os
import socket
import threading
import time

from ckanext.dc_serve.waiting.layer import Waiting
from ckanext.dc_serve.waiting.marks import MAY_WAIT, WAITS_FOR

PATH = "/api/3/action/dcserv"


class Server:
    """Gives away one end of a pair of sockets as uWSGI does, which closes it afterwards."""

    def __init__(self):
        self.opt = {"socket": b"uwsgi.sock"}
        self.clients = []

    def connection_fd(self):
        ours, theirs = socket.socketpair()
        self.clients.append(theirs)
        self.descriptor = ours.detach()
        return self.descriptor


class Site:
    """An application that knows nothing for some time, behind the layer."""

    def __init__(self):
        self.knows = threading.Event()
        self.asked = []
        self.server = Server()
        self.layer = Waiting(self.application, self.server, self.pending)

    def pending(self, ids):
        return set() if self.knows.is_set() else set(ids)

    def application(self, environ, start_response):
        self.asked.append(environ.get(MAY_WAIT))
        if not self.knows.is_set() and environ.get(MAY_WAIT):
            environ[WAITS_FOR] = "the resource"
            start_response("404 NOT FOUND", [])
            return [b"nobody reads this"]
        status = "200 OK" if self.knows.is_set() else "500 INTERNAL SERVER ERROR"
        start_response(status, [("X-Name", "ü")])
        return [b"known" if self.knows.is_set() else b"unknown"]

    def get(self, query="id=a", **more):
        """Status and body that the server gets from the layer."""
        heads = []
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": PATH, "QUERY_STRING": query} | more
        body = b"".join(self.layer(environ, lambda *head: heads.append(head)))
        if hasattr(self.server, "descriptor"):
            os.close(self.server.descriptor)
            del self.server.descriptor
        return heads[0][0], body

    def received(self, number):
        """All that a client gets over its connection."""
        pieces = []
        with self.server.clients[number] as client:
            client.settimeout(10)
            while piece := client.recv(65536):
                pieces.append(piece)
        return b"".join(pieces)


def is_served():
    return any(one.name == "dcserv-waiting" for one in threading.enumerate())


def wait_until_empty():
    deadline = time.monotonic() + 10
    while is_served():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
