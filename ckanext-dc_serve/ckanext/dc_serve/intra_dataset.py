"""Measurements of a dataset, as the index of identifiers in the database knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from dcor_shared.pipeline.database import session

from ckanext.dc_serve import upstream

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dcor_shared.pipeline.steps import ResourceFacts

_CANDIDATES = sa.text("""
SELECT r.id, r.name, d.identifier,
       d.original->'features' AS original, d.original->'basins' AS basins,
       d.condensed->'features' AS condensed, d.condensed->'basin_features' AS basin_features
FROM resource r JOIN dcor_record d ON d.resource_id = r.id
WHERE r.package_id = :package_id AND r.state = 'active'
  AND (r.id = :resource_id OR d.identifier = ANY(:identifiers))
ORDER BY r.position, r.id
""")
_DEFINITIONS = sa.text(
    "SELECT original->'basins' FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag"
)


def upstream_basins(facts: ResourceFacts, site_url: str) -> tuple[dict[str, Any], ...]:
    """Basins for the condensed file of a resource, in the form of ``CondenseRequest.upstream``.

    None at a site that clients do not accept in basins: dclab wants a host with a dot and no port.

    Parameters
    ----------
    facts
        The resource that is condensed.
    site_url
        Public URL of the site.
    """
    if not _accepted_in_basins(site_url):
        return ()
    with session() as own:
        definitions = _definitions(own, facts)
        candidates = _candidates(own, facts, definitions) if definitions else []
    itself = next((one for one in candidates if one.id == facts.id), None)
    if itself is None:
        return ()
    return tuple(
        {
            "name": basin.name,
            "description": basin.description,
            "url": f"{site_url.rstrip('/')}/api/3/action/dcserv?id={basin.resource_id}",
            "features": list(basin.features),
            "mapping": basin.mapping,
        }
        for basin in upstream.find(itself, definitions, candidates)
    )


def _accepted_in_basins(site_url: str) -> bool:
    host = urlsplit(site_url).netloc
    return "." in host and ":" not in host


def _definitions(database: Session, facts: ResourceFacts) -> list[dict[str, Any]]:
    given = {"resource_id": facts.id, "etag": facts.etag}
    return list(database.execute(_DEFINITIONS, given).scalar() or [])


def _candidates(
    database: Session, facts: ResourceFacts, definitions: list[dict[str, Any]]
) -> list[upstream.Candidate]:
    identifiers = [d["identifier"] for d in definitions if isinstance(d.get("identifier"), str)]
    given = {
        "package_id": facts.package_id,
        "resource_id": facts.id,
        "identifiers": identifiers,
    }
    return [_candidate(row) for row in database.execute(_CANDIDATES, given)]


def _candidate(row: sa.Row[Any]) -> upstream.Candidate:
    features = {*(row.original or []), *(row.condensed or []), *(row.basin_features or [])}
    for basin in row.basins or []:
        if basin.get("type") == "remote":
            features.update(basin.get("features") or [])
    return upstream.Candidate(row.id, row.name or "", row.identifier, frozenset(features))
