"""A mail server for tests, and registration as visitors do it."""

from __future__ import annotations

import shutil
import socketserver
import ssl
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas.model import MailRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class _Handler(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as a client needs to hand over a message."""

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"EHLO":
                for answer in self.server.greeting:
                    self._say(answer)
            elif word == b"STARTTLS":
                if not self._begin_tls():
                    return
            elif word == b"DATA":
                self._receive()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _begin_tls(self) -> bool:
        self._say("220 go on")
        try:
            self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        except OSError:
            return False  # the client does not want us
        self.setup_streams()
        return True

    def setup_streams(self) -> None:
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = self.connection.makefile("wb", 0)

    def finish(self) -> None:
        super().finish()
        self.connection.close()

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
        self.tls: ssl.SSLContext | None = None

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    def certify(self, folder: Path) -> None:
        """Offer TLS with a certificate that nobody vouches for."""
        if shutil.which("openssl") is None:
            pytest.skip("the program openssl is needed to make a certificate")
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        options = [
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=mail.example.org",
        ]
        command = ["openssl", *options, "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(command, check=True, capture_output=True)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate, key)
        self.greeting = ("250-test", "250 STARTTLS")


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
