"""The maintainer hears of new users; trouble with mail never troubles a registration."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas.mail import outbox


@pytest.fixture
def sign_up(monkeypatch, call):
    """Signs a visitor up through the API."""
    monkeypatch.setitem(tk.config, "ckan.auth.create_user_via_api", True)

    def sign_up(name: str = "wendy", status: int = 200, **fields):
        given = {"email": f"{name}@example.org", "password": "correct-horse", "about": "x" * 30}
        return call("user_create", status=status, name=name, **given | fields)

    return sign_up


def _decoded(message: bytes) -> str:
    import email

    return email.message_from_bytes(message).get_payload(decode=True).decode()


def test_the_maintainer_is_told_who_signed_up(sign_up, maintainer, waiting, mail_server):
    sign_up(fullname="Wendy Darling")
    (row,) = waiting()
    assert row.recipient_email == maintainer
    assert row.recipient_name == f"{tk.config['ckan.site_title']} Maintainer"
    for part in ("wendy", tk.config["ckan.site_title"], tk.config["ckan.site_url"]):
        assert part in row.subject
    assert outbox.send_waiting() == 1
    assert waiting() == []
    (message,) = mail_server.messages
    assert b"To: " in message
    body = _decoded(message)
    for part in ("Wendy Darling", "wendy", "wendy@example.org", "x" * 20 + "..."):
        assert part in body
    assert "x" * 21 not in body


def test_without_an_address_nobody_is_told(sign_up, waiting):
    sign_up()
    assert waiting() == []


def test_it_can_be_switched_off(sign_up, maintainer, waiting, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.notify_user_create", False)
    sign_up()
    assert waiting() == []


def test_a_dead_mail_server_does_not_matter_and_the_mail_arrives_later(
    sign_up, maintainer, waiting, mail_server, monkeypatch
):
    monkeypatch.setitem(tk.config, "smtp.server", "127.0.0.1:9")
    assert sign_up()["name"] == "wendy"
    assert outbox.send_waiting() == 0
    (row,) = waiting()
    assert "MailerException" in row.error_text
    assert row.attempt == 1
    monkeypatch.setitem(tk.config, "smtp.server", mail_server.address)
    assert outbox.send_waiting() == 0  # not yet
    row.not_before = row.created
    model.Session.commit()
    assert outbox.send_waiting() == 1
    assert len(mail_server.messages) == 1


def test_a_registration_that_fails_sends_no_mail(sign_up, maintainer, waiting):
    sign_up(email="no address", status=409)
    assert waiting() == []


def test_a_rollback_takes_the_mail_along(maintainer, waiting):
    context = {"ignore_auth": True, "user": "", "defer_commit": True}
    given = {"name": "wendy", "email": "wendy@example.org", "password": "correct-horse"}
    tk.get_action("user_create")(context, given)
    assert len(waiting()) == 1
    model.Session.rollback()
    assert waiting() == []


def test_a_message_is_given_up_after_a_week(sign_up, maintainer, waiting, monkeypatch):
    monkeypatch.setitem(tk.config, "smtp.server", "127.0.0.1:9")
    sign_up()
    (row,) = waiting()
    row.attempt = outbox.MAX_ATTEMPTS - 1
    model.Session.commit()
    assert outbox.send_waiting() == 0
    assert waiting() == []


def test_nobody_adds_headers(waiting):
    outbox.add(model.Session(), "a\nBcc: b@example.org", "a@example.org", "s\r\nBcc: x", "body")
    (row,) = waiting()
    assert "\n" not in row.recipient_name + row.subject
