"""What the pipeline knows of a measurement, in pieces: a record may be 60 MB large."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from ckanext.dc_view.steps import NAME

if TYPE_CHECKING:
    from ckanext.dc_view.subject import Subject

_OVERVIEW = sa.text(
    "SELECT extra->:name FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag"
).bindparams(name=NAME)
_HAS_PREVIEW = sa.text(
    "SELECT COALESCE(CAST(extra->:name->>'preview_size' AS bigint), 0) > 0 FROM dcor_record"
    " WHERE resource_id = :resource_id AND etag = :etag"
).bindparams(name=NAME)
_METADATA = sa.text(
    "SELECT original->'metadata' FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag"
)
#: What the description had to leave out or cut off.
_NOTES = sa.text(
    "SELECT original->'notes' FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag"
)
_CONDENSED = sa.text(
    "SELECT jsonb_build_object('etag', condensed->'etag', 'size', condensed->'size')"
    " FROM dcor_record"
    " WHERE resource_id = :resource_id AND etag = :etag AND condensed IS NOT NULL"
)
#: Where values and pictures of events are besides the measurement itself.
_BESIDES = sa.text(
    "SELECT concat_ws(' ', condensed->>'etag', extra->:name->>'upstream') FROM dcor_record"
    " WHERE resource_id = :resource_id AND etag = :etag"
).bindparams(name=NAME)
#: Bytes as stored and, where these are few, unpacked: zeros and long numbers take no room in the
#: former. The union with nothing is the record itself, unpacked.
_IS_LARGE = sa.text(
    "SELECT CASE WHEN d.packed > :packed THEN TRUE ELSE"
    " COALESCE(pg_column_size(d.original || '{}'), 0)"
    " + COALESCE(pg_column_size(d.condensed || '{}'), 0) > :unpacked END"
    " FROM (SELECT original, condensed, COALESCE(pg_column_size(original), 0)"
    " + COALESCE(pg_column_size(condensed), 0) AS packed FROM dcor_record"
    " WHERE resource_id = :resource_id AND etag = :etag) AS d"
    # stored (compressed) and unpacked bytes from which on it takes a while to look into a record
).bindparams(packed=64 * 2**10, unpacked=2**19)


def overview(subject: Subject) -> dict[str, Any] | None:
    """Summary of the overview of the present object, None while there is none."""
    found = _scalar(_OVERVIEW, subject)
    return found if isinstance(found, dict) else None


def has_preview(resource_id: str, etag: str | None) -> bool:
    """Whether there is a preview of an object of a resource."""
    given = {"resource_id": resource_id, "etag": etag}
    return bool(model.Session.execute(_HAS_PREVIEW, given).scalar())


def metadata(subject: Subject) -> dict[str, dict[str, Any]] | None:
    """Metadata as they are in the file, None while the measurement is not described."""
    found = _scalar(_METADATA, subject)
    return found if isinstance(found, dict) else None


def notes(subject: Subject) -> list[str]:
    """What is missing in logs, tables and metadata, in words."""
    found = _scalar(_NOTES, subject)
    return [str(note) for note in found] if isinstance(found, list) else []


def condensed(subject: Subject) -> tuple[str, int] | None:
    """ETag and size of the condensed file of the present object, None if there is none."""
    found = _scalar(_CONDENSED, subject)
    if not found or not found["etag"] or not found["size"]:
        return None
    return str(found["etag"]), int(found["size"])


def besides(subject: Subject) -> str:
    """Changes with everything but the object itself that answers about events depend on."""
    text = str(_scalar(_BESIDES, subject) or "")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_large(subject: Subject) -> bool:
    """Whether the record is so large that looking into it keeps a web process busy."""
    return bool(_scalar(_IS_LARGE, subject))


def _scalar(statement: sa.TextClause, subject: Subject) -> Any:
    return model.Session.execute(statement, _where(subject)).scalar()


def _where(subject: Subject) -> dict[str, Any]:
    return {"resource_id": subject.id, "etag": subject.etag}
