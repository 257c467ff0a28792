"""The record: what is known of the content of a resource, for one etag."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dcor_shared.pipeline.steps import PermanentFailureError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

_LOAD = sa.text(
    "SELECT resource_id, etag, original, condensed, identifier, extra"
    " FROM dcor_record WHERE resource_id = :resource_id"
)
# Values of another object are never mixed with those of this one: the row starts anew.
_MERGE = sa.text(
    """
INSERT INTO dcor_record AS old (resource_id, etag, identifier, original, condensed, extra, modified)
VALUES (:resource_id, :etag, :identifier, CAST(:original AS jsonb), CAST(:condensed AS jsonb),
        COALESCE(CAST(:extra AS jsonb), '{}'), clock_timestamp())
ON CONFLICT (resource_id) DO UPDATE SET
  etag = new.etag, modified = new.modified,
  identifier = CASE WHEN old.etag = new.etag
               THEN COALESCE(new.identifier, old.identifier) ELSE new.identifier END,
  original = CASE WHEN old.etag = new.etag
             THEN COALESCE(new.original, old.original) ELSE new.original END,
  condensed = CASE WHEN old.etag = new.etag
              THEN COALESCE(new.condensed, old.condensed) ELSE new.condensed END,
  extra = CASE WHEN old.etag = new.etag THEN old.extra || new.extra ELSE new.extra END
""".replace("new.", "EXCLUDED.")
)

_DOCUMENTS = ("original", "condensed", "extra")


class UnknownRecordKeyError(Exception):
    """A step wants to store something under a key that a record does not have."""


@dataclass(frozen=True)
class Record:
    """What is known of the content of a resource.

    Attributes
    ----------
    resource_id, etag
        The object that this was read from.
    original
        Description of the original file, or None while it has not been described.
    condensed
        Description of the condensed file, or None while there is none.
    identifier
        Measurement identifier.
    extra
        Documents of other steps, by name.
    """

    resource_id: str
    etag: str
    original: dict[str, Any] | None
    condensed: dict[str, Any] | None
    identifier: str | None
    extra: dict[str, Any]


def load(session: Session, resource_id: str) -> Record | None:
    """The record of a resource, or None; by one statement."""
    found = session.execute(_LOAD, {"resource_id": resource_id}).mappings().one_or_none()
    return None if found is None else Record(**found)


def merge(session: Session, resource_id: str, etag: str, values: Mapping[str, Any]) -> None:
    """Put top-level `values` into the record for the object `etag`; by one statement.

    Keys are those of `Record`; ``extra`` is merged by key, everything else is replaced, and what
    is missing or None stays. A record of another object is replaced as a whole.

    Raises
    ------
    UnknownRecordKeyError
        When there is no such key.
    PermanentFailureError
        When a value cannot be stored as JSON (``record_invalid``).
    """
    unknown = set(values) - {*_DOCUMENTS, "identifier"}
    if unknown:
        raise UnknownRecordKeyError(f"No such keys in a record: {', '.join(sorted(unknown))}")
    documents = {key: _document(key, values.get(key)) for key in _DOCUMENTS}
    identifier = values.get("identifier")
    session.execute(
        _MERGE,
        {
            "resource_id": resource_id,
            "etag": etag,
            "identifier": None if identifier is None else plain_text(str(identifier)),
            **documents,
        },
    )


def _document(key: str, value: Any) -> str | None:
    if value is None:
        return None
    try:
        return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as exc:
        raise PermanentFailureError(
            "record_invalid", f"The record's '{key}' cannot be stored as JSON: {exc}"
        ) from exc


def plain(value: Any) -> Any:
    """The same JSON value with every text made fit for PostgreSQL (see `plain_text`)."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, dict):
        return {plain_text(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def plain_text(text: str) -> str:
    """The text without NUL and lone surrogates, which PostgreSQL cannot store."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
