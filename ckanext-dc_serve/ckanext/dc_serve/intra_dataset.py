"""Measurements of a dataset, as the index of identifiers in the database knows them.

What a measurement was derived from may be uploaded, or condensed, after it: `outdated` finds the
condensed files that would refer to other measurements, or promise other features, by now.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.facts import resource_facts

from ckanext.dc_serve import upstream

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from dcor_shared.pipeline.steps import ResourceFacts

#: Measurements of one identifier that others of the dataset refer to: the first ones. Clients take
#: each feature from the first basin that has it; more would only make the work for a dataset grow
#: with the square of its size.
MOST = 10
_CANDIDATES = sa.text("""
WITH numbered AS (
    SELECT r.id, r.name, r.position, d.identifier,
           row_number() OVER (
               PARTITION BY d.identifier ORDER BY coalesce(r.position, 0), r.id) AS number
    FROM resource r JOIN dcor_record d ON d.resource_id = r.id
    WHERE r.package_id = :package_id AND r.state = 'active'
      AND (r.id = :resource_id OR d.identifier = ANY(:identifiers))
)
SELECT n.id, n.name, n.identifier,
       d.original->'features' AS original, d.original->'basins' AS basins,
       d.condensed->'features' AS condensed, d.condensed->'basin_features' AS basin_features
FROM numbered n JOIN dcor_record d ON d.resource_id = n.id
WHERE n.number <= :most OR n.id = :resource_id
ORDER BY n.position, n.id
""").bindparams(most=MOST)
_DEFINITIONS = sa.text(
    "SELECT identifier, original->'basins' AS basins"
    " FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag"
)
# Those that may refer to a measurement: itself, and those with a basin of its identifier, unless
# there are enough others with this identifier before it.
_CONDENSED = sa.text("""
SELECT r.id, d.condensed->>'upstream' AS upstream
FROM resource r JOIN dcor_record d ON d.resource_id = r.id
JOIN dcor_record own ON own.resource_id = :resource_id
JOIN resource me ON me.id = own.resource_id
WHERE r.package_id = :package_id AND r.state = 'active' AND d.condensed IS NOT NULL
  AND (r.id = :resource_id OR (
       d.original->'basins' @> jsonb_build_array(jsonb_build_object('identifier', own.identifier))
       AND :most > (
           SELECT count(*) FROM resource b JOIN dcor_record c ON c.resource_id = b.id
           WHERE b.package_id = :package_id AND b.state = 'active'
             AND c.identifier = own.identifier
             AND (coalesce(b.position, 0), b.id) < (coalesce(me.position, 0), me.id))))
ORDER BY r.position, r.id
""").bindparams(most=MOST)


def outdated(facts: ResourceFacts, site_url: str) -> list[str]:
    """Ids of the measurements whose condensed files this one makes outdated, itself included.

    Parameters
    ----------
    facts
        A measurement that was condensed.
    site_url
        Public URL of the site.
    """
    given = {"resource_id": facts.id, "package_id": facts.package_id}
    with session() as own:
        condensed = own.execute(_CONDENSED, given).all()
        others = [(resource_facts(own, row.id), row.upstream) for row in condensed]
    none = digest(())
    return [
        one.id
        for one, noted in others
        if one is not None and digest(upstream_basins(one, site_url)) != (noted or none)
    ]


def digest(basins: Iterable[Mapping[str, Any]]) -> str:
    """What tells upstream basins from others; the address of the site does not count."""
    plain = [
        [basin["name"], basin["mapping"], basin["features"], basin["url"].rpartition("id=")[2]]
        for basin in basins
    ]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:32]


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
        definitions, identifiers = _definitions(own, facts)
        candidates = _candidates(own, facts, identifiers) if identifiers else []
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


def _definitions(database: Session, facts: ResourceFacts) -> tuple[list[dict[str, Any]], list[str]]:
    """Basins in the original of a resource, and the identifiers that they may lead to."""
    given = {"resource_id": facts.id, "etag": facts.etag}
    row = database.execute(_DEFINITIONS, given).one_or_none()
    if row is None:
        return [], []
    definitions = list(row.basins or [])
    return definitions, upstream.wanted_identifiers(row.identifier, definitions)


def _candidates(
    database: Session, facts: ResourceFacts, identifiers: list[str]
) -> list[upstream.Candidate]:
    given = {
        "package_id": facts.package_id,
        "resource_id": facts.id,
        "identifiers": identifiers,
    }
    return [_candidate(row, facts) for row in database.execute(_CANDIDATES, given)]


def _candidate(row: sa.Row[Any], facts: ResourceFacts) -> upstream.Candidate:
    features = set(row.original or [])
    if row.id != facts.id:  # what its own condensed file will offer is not known beforehand
        features.update(row.condensed or [], row.basin_features or [])
    for basin in row.basins or []:
        if basin.get("type") == "remote":
            features.update(basin.get("features") or [])
    return upstream.Candidate(row.id, row.name or "", row.identifier, frozenset(features))
