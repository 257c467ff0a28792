"""Mail over TLS goes only to a server that proves who it is."""

from __future__ import annotations

import ssl

import pytest

from ckan.lib import mailer
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas.mail import starttls


def test_ckans_mailer_uses_verifying_connections(ckan):
    assert mailer.smtplib.SMTP is starttls.VerifyingSMTP
    starttls.repair()
    assert mailer.smtplib.SMTP is starttls.VerifyingSMTP


def test_certificates_are_checked_unless_the_site_says_otherwise():
    strict, lax = starttls.tls_context(True), starttls.tls_context(False)
    assert strict.check_hostname
    assert strict.verify_mode == ssl.CERT_REQUIRED
    assert not lax.check_hostname
    assert lax.verify_mode == ssl.CERT_NONE
    with pytest.raises(FileNotFoundError):
        starttls.tls_context("/no/such/file.pem")


def test_a_server_without_tls_gets_no_mail(mail_server, monkeypatch):
    monkeypatch.setitem(tk.config, "smtp.starttls", True)
    with pytest.raises(mailer.MailerException, match="STARTTLS"):
        mailer.mail_recipient("A", "a@example.org", "subject", "body")
    assert mail_server.messages == []


def test_a_certificate_that_nobody_vouches_for_ends_the_connection(
    mail_server, monkeypatch, tmp_path
):
    monkeypatch.setitem(tk.config, "smtp.starttls", True)
    mail_server.certify(tmp_path)
    with pytest.raises(mailer.MailerException, match="certificate is not accepted"):
        mailer.mail_recipient("A", "a@example.org", "subject", "body")
    assert mail_server.messages == []
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.smtp_ssl_verify", "false")
    mailer.mail_recipient("A", "a@example.org", "subject", "body")
    assert len(mail_server.messages) == 1
