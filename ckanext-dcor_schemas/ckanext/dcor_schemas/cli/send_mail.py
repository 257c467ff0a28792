"""The command ``ckan send-mail``."""

from __future__ import annotations

from pathlib import Path

import click

from ckan.lib import mailer

from ckanext.dcor_schemas.cli.output import Output
from ckanext.dcor_schemas.mail import outbox


@click.command("send-mail")
@click.option("--recipient", required=True, help="Mail address of the recipient.")
@click.option("--subject", default="DCOR Email", show_default=True, help="Subject of the mail.")
@click.option(
    "--file_body",
    "--file-body",
    "file_body",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the text of the mail.",
)
def send_mail(*, recipient: str, subject: str, file_body: Path) -> None:
    """Send the text of a file by the mail server of the site (options smtp.*).

    Bytes of the file that are no UTF-8 are left out. The mail is sent at once: the exit code is 1
    if the mail server did not take it.
    """
    body = file_body.read_bytes().decode("utf-8", errors="ignore")
    output = Output()
    if "@" not in recipient:
        raise click.BadParameter("This is no mail address.", param_hint="--recipient")
    try:
        outbox.require_settings()
        mailer.mail_recipient(recipient, recipient, " ".join(subject.split()), body)
    except (mailer.MailerException, OSError, ValueError) as error:
        output.fail(f"The mail was not sent: {error}")
    output.say(f"Sent to {recipient}")
