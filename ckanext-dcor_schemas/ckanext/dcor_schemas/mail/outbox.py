"""Messages that committed transactions want to be sent."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from redis.exceptions import RedisError

from ckan.lib import mailer
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.steps import Queue

from ckanext.dcor_schemas.model import MailRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

_TABLE = MailRow.__table__
#: Seconds for which nobody else tries to send a message that somebody is sending.
_HOLD = 300
#: Attempts after which a message is given up: by then it is a week old.
MAX_ATTEMPTS = 175
_BATCH = 20

_TAKE = sa.text("""
UPDATE dcor_mail m SET attempt = m.attempt + 1,
  not_before = clock_timestamp() + make_interval(secs => :hold)
FROM (SELECT id FROM dcor_mail WHERE not_before <= clock_timestamp()
      ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED) due
WHERE m.id = due.id
RETURNING m.id, m.recipient_name, m.recipient_email, m.subject, m.body, m.attempt
""")
_FAILED = sa.text("""
UPDATE dcor_mail SET error_text = :text, not_before = clock_timestamp()
  + make_interval(secs => least(30 * power(2, least(attempt, 12) - 1), 3600))
WHERE id = :id
""")


def add(database: Session, recipient_name: str, address: str, subject: str, body: str) -> None:
    """Send a message once this transaction is committed; a rollback takes it along.

    Parameters
    ----------
    database
        The session of the transaction (inside a request: ``model.Session``).
    recipient_name, address
        To whom; line breaks in texts of a header are replaced by blanks.
    subject, body
        What.
    """
    database.execute(
        sa.insert(_TABLE).values(
            recipient_name=_one_line(recipient_name),
            recipient_email=_one_line(address),
            subject=_one_line(subject),
            body=body,
        )
    )


def send_soon(_sender: str, **_kwargs: Any) -> None:
    """Tell a worker that there is mail; without Redis the next reconciliation finds it."""
    try:
        tk.enqueue_job(
            send_waiting,
            title="Send mail",
            queue=str(Queue.SHORT),
            rq_kwargs={"job_id": "dcor_mail", "result_ttl": 0, "failure_ttl": 60},
        )
    except (RedisError, OSError) as exc:
        log.warning("Mail is sent by the next reconciliation, Redis cannot be reached: %s", exc)


def send_waiting(time_limit: float = 60) -> int:
    """Send what is due for at most about `time_limit` seconds; the number of messages sent.

    A failure is noted with the message, which is tried again after a while. Nothing is raised:
    nobody who waits for something else shall suffer from a mail server.
    """
    end, sent = time.monotonic() + time_limit, 0
    while time.monotonic() < end and (messages := _take()):
        sent += sum(_send(message) for message in messages)
    return sent


def _take() -> list[Any]:
    with session() as own:
        return sorted(own.execute(_TAKE, {"hold": _HOLD, "batch": _BATCH}).all())


def _send(message: Any) -> bool:
    try:
        require_settings()
        mailer.mail_recipient(
            message.recipient_name, message.recipient_email, message.subject, message.body
        )
    except (mailer.MailerException, OSError, ValueError) as exc:
        _note_failure(message, f"{type(exc).__name__}: {exc}")
        return False
    _forget(message)
    return True


def require_settings() -> None:
    """Refuse to send mail without a server and a sender, which CKAN would not notice.

    Raises
    ------
    ckan.lib.mailer.MailerException
        With the options that are missing.
    """
    missing = [name for name in ("smtp.server", "smtp.mail_from") if not tk.config.get(name)]
    if missing:
        raise mailer.MailerException(f"Mail needs the options {' and '.join(missing)}")


def _note_failure(message: Any, text: str) -> None:
    if message.attempt >= MAX_ATTEMPTS:
        log.error("Mail '%s' could not be sent and is given up: %s", message.subject, text)
        _forget(message)
        return
    log.warning("Mail '%s' is sent later: %s", message.subject, text)
    with session() as own:
        own.execute(_FAILED, {"id": message.id, "text": text[:1000]})


def _forget(message: Any) -> None:
    with session() as own:
        own.execute(sa.delete(_TABLE).where(_TABLE.c.id == message.id))


def _one_line(text: str) -> str:
    """A text for a header: a line break would begin another header."""
    return " ".join(text.split())
