"""``send-mail`` sends the text of a file."""

from __future__ import annotations

import email

import pytest

from ckan.plugins import toolkit as tk

from tests.dcor_schemas.mail.conftest import mail_server

__all__ = ["mail_server"]


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "body.txt"
    path.write_bytes(b"Hello \xff W\xc3\xb6rld")
    return str(path)


def test_the_text_of_a_file_is_sent(command, text, mail_server):
    command("send-mail", "--recipient", "a@example.org", "--file_body", text)
    (message,) = map(email.message_from_bytes, mail_server.messages)
    assert message["Subject"] == "DCOR Email"
    assert "a@example.org" in message["To"]
    assert message.get_payload(decode=True).decode().strip() == "Hello  Wörld"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--recipient", "a@example.org"],
        ["--file_body", __file__],
        ["--recipient", "nobody", "--file_body", __file__],
        ["--recipient", "a@example.org", "--file_body", "/no/such/file"],
    ],
)
def test_usage_errors_are_explained(command, arguments):
    assert "Usage" in command("send-mail", *arguments, status=2).output


def test_a_dead_mail_server_is_an_error(command, text, monkeypatch):
    monkeypatch.setitem(tk.config, "smtp.mail_from", "ckan@example.org")
    arguments = ["--recipient", "a@example.org", "--file_body", text]
    assert "was not sent" in command("send-mail", *arguments, status=1).output
