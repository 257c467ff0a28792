"""CKAN 2.12.0 sends mail over TLS without looking at the certificate (CVE-2026-41132).

Here its mailer gets a connection that does. CKAN versions that check it themselves are left alone.
"""

from __future__ import annotations

import smtplib
import ssl
from types import SimpleNamespace
from typing import Any

from ckan.lib import mailer
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import config

_OPTION_OF_CKAN = "smtp.starttls_verify"


class VerifyingSMTP(smtplib.SMTP):
    """A connection that accepts a certificate only if it is valid for the server's name."""

    def starttls(self, **kwargs: Any) -> Any:
        """Begin TLS; see :func:`tls_context` for what is checked.

        Raises
        ------
        smtplib.SMTPException
            If the server cannot prove who it is.
        """
        kwargs.setdefault("context", tls_context(config.smtp_ssl_verify()))
        try:
            return super().starttls(**kwargs)
        except ssl.SSLError as error:
            self.close()
            text = f"The mail server's certificate is not accepted: {error}"
            raise smtplib.SMTPException(text) from error

    def quit(self) -> Any:
        """Say goodbye, if anybody is there: CKAN does so after every failure."""
        return super().quit() if self.sock else (221, b"")


def tls_context(verify: bool | str) -> ssl.SSLContext:  # noqa: FBT001 - a path or a switch, as in the option
    """How a server has to prove who it is.

    Parameters
    ----------
    verify
        Whether it has to, or the path of a bundle of certificate authorities.
    """
    context = ssl.create_default_context(cafile=verify if isinstance(verify, str) else None)
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def repair() -> None:
    """Give CKAN's mailer verifying connections; doing it again changes nothing."""
    if _OPTION_OF_CKAN in tk.config or isinstance(mailer.smtplib, SimpleNamespace):
        return
    mailer.smtplib = SimpleNamespace(**{**vars(smtplib), "SMTP": VerifyingSMTP})
