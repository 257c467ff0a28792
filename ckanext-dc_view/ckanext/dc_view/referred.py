"""Measurements of the same dataset that a measurement refers to by its basins.

A result of an analysis names the file that it was made of; the logs of that one belong to its
story. Only what the pipeline has noted is used, and only resources of the dataset are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ckan import model

from dcor_shared.pipeline.facts import extras_of

from ckanext.dc_view import measurements, stored, upstream

if TYPE_CHECKING:
    from ckanext.dc_view.subject import Subject

#: Measurements that are found at most, and identifiers that are looked for: a file may have as
#: many basins as its author likes.
MOST, _IDENTIFIERS = 10, 100
_OWN = sa.text(
    "SELECT identifier, original->'basins' AS basins FROM dcor_record"
    " WHERE resource_id = :resource_id AND etag = :etag"
)
#: A record of what was there before is none of what is there now. The etag is looked for as text,
#: because the extras are untrusted JSON (see `dcor_shared.pipeline.facts`), and compared below.
_REFERRED = sa.text("""
SELECT r.id, r.name, r.extras, d.etag FROM dcor_record d JOIN resource r ON r.id = d.resource_id
WHERE d.identifier = ANY(:identifiers) AND r.package_id = :package_id AND r.state = 'active'
  AND r.id <> :resource_id AND r.mimetype = ANY(:mimetypes)
  AND strpos(r.extras, '"' || d.etag || '"') > 0
ORDER BY r.position, r.id LIMIT :most
""").bindparams(most=MOST, mimetypes=list(measurements.DC_MIMETYPES))


@dataclass(frozen=True)
class Referred:
    """A measurement that another one refers to: id and file name of the resource."""

    id: str
    name: str


def referred(about: Subject) -> list[Referred]:
    """The measurements that one refers to, in the order of the dataset.

    Whoever may read a resource may read the others of its dataset as well.
    """
    own = model.Session.execute(_OWN, stored.where(about)).one_or_none()
    named = upstream.identifiers(own.basins or [], own.identifier) if own else {}
    if not named:
        return []
    given = {
        "identifiers": list(named)[:_IDENTIFIERS],
        "package_id": about.package_id,
        "resource_id": about.id,
    }
    rows = model.Session.execute(_REFERRED, given).all()
    present = [row for row in rows if extras_of(row.extras).get("etag") == row.etag]
    return [Referred(row.id, row.name or row.id) for row in present]
