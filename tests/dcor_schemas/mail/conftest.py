"""A mail server for tests, and registration as visitors do it."""

from __future__ import annotations

import socketserver
import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas.model import MailRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Handler(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as a client needs to hand over a message."""

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"EHLO":
                for answer in self.server.greeting:
                    self._say(answer)
            elif word == b"DATA":
                self._receive()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _receive(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.messages.append(b"".join(lines))
        self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it is given in `messages`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[bytes] = []
        self.greeting: tuple[str, ...] = ("250 test",)

    @property
    def address(self) -> str:
        """Host and port."""
        return "127.0.0.1:{}".format(self.server_address[1])


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch, tx: None) -> Iterator[MailServer]:
    """A mail server that CKAN uses."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        monkeypatch.setitem(tk.config, "smtp.server", server.address)
        monkeypatch.setitem(tk.config, "smtp.mail_from", "ckan@example.org")
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def waiting(tx: None) -> Callable[[], list[MailRow]]:
    """The messages that wait to be sent."""
    return lambda: model.Session.scalars(sa.select(MailRow).order_by(MailRow.id)).all()


@pytest.fixture
def maintainer(monkeypatch: pytest.MonkeyPatch, tx: None) -> str:
    """Address of the maintainer of the site."""
    monkeypatch.setitem(tk.config, "email_to", "boss@example.org")
    return "boss@example.org"
