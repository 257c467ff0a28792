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
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from dcor_shared.pipeline.steps import ResourceFacts

# The work for a dataset must not grow with the square of its size, whatever identifiers its files
# claim to have: a file refers to the first ones that match (`upstream.MOST`), and has none of its
# condensed files made anew for others once it refers to as many.
_CANDIDATES = sa.text("""
SELECT r.id, r.name, d.identifier,
       d.original->'features' AS original, d.original->'basins' AS basins,
       d.condensed->'features' AS condensed, d.condensed->'basin_features' AS basin_features
FROM resource r JOIN dcor_record d ON d.resource_id = r.id
WHERE r.package_id = :package_id AND r.state = 'active'
  AND (r.id = :resource_id OR r.id IN (
      SELECT o.id FROM resource o JOIN dcor_record c ON c.resource_id = o.id
      WHERE o.package_id = :package_id AND o.state = 'active' AND o.id <> :resource_id
        AND c.identifier = ANY(:identifiers)
      ORDER BY coalesce(o.position, 0), o.id LIMIT :most))
ORDER BY coalesce(r.position, 0), r.id
""").bindparams(most=upstream.MOST)
_DEFINITIONS = sa.text(
    "SELECT identifier, original->'basins' AS basins"
    " FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag"
)
# Those that refer to a measurement, or might by now: itself, and those that match it (as in
# `upstream`, cheapest condition first), unless they are going to be condensed again anyway. Those
# that do not refer to it yet must have a place left for it: they refer to enough others otherwise,
# or there are enough others with its identifier before it.
_CONDENSED = sa.text("""
SELECT r.id, d.condensed->>'upstream' AS upstream
FROM resource r JOIN dcor_record d ON d.resource_id = r.id
JOIN dcor_record own ON own.resource_id = :resource_id
JOIN resource me ON me.id = own.resource_id
WHERE r.package_id = :package_id AND r.state = 'active' AND d.condensed IS NOT NULL
  AND (r.id = :resource_id OR (
       own.identifier <> '' AND starts_with(d.identifier, own.identifier)
       AND NOT EXISTS (
           SELECT FROM dcor_step s
           WHERE s.resource_id = r.id AND s.step = 'condense' AND s.state = 'pending')
       AND EXISTS (
           SELECT FROM jsonb_array_elements(
               CASE jsonb_typeof(d.original->'basins')
               WHEN 'array' THEN d.original->'basins' ELSE '[]' END) AS basin
           WHERE basin->>'identifier' = own.identifier
             AND basin->>'type' = 'file' AND basin->>'format' = 'hdf5'
             AND (basin->>'mapping' ~ :map_name
                  OR coalesce(basin->>'mapping', '') IN ('', 'same')
                  AND d.identifier = own.identifier))
       AND (d.condensed->'upstream_ids' @> to_jsonb(own.resource_id)
            OR coalesce(jsonb_array_length(d.condensed->'upstream_ids'), 0) < :most
            AND :most > (
                SELECT count(*) FROM resource b JOIN dcor_record c ON c.resource_id = b.id
                WHERE b.package_id = :package_id AND b.state = 'active'
                  AND c.identifier = own.identifier AND b.id <> r.id
                  AND (coalesce(b.position, 0), b.id) < (coalesce(me.position, 0), me.id)))))
ORDER BY coalesce(r.position, 0), r.id
""").bindparams(most=upstream.MOST, map_name=f"^{upstream.MAP_NAME}$")


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


def notes_of(resource_id: str, basins: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is noted of the upstream basins of a condensed file.

    Parameters
    ----------
    resource_id
        Id of the measurement itself.
    basins
        Its basins, see `upstream_basins`.

    Returns
    -------
    notes
        ``upstream``, which tells these basins from others, and ``upstream_ids``: for each of them
        the measurement that it refers to, apart from those that refer to itself.
    """
    ids = [_resource_id(basin) for basin in basins]
    return {
        "upstream": digest(basins),
        "upstream_ids": [one for one in ids if one != resource_id],
    }


def digest(basins: Iterable[Mapping[str, Any]]) -> str:
    """What tells upstream basins from others; the address of the site does not count."""
    plain = [
        [basin["name"], basin["mapping"], basin["features"], _resource_id(basin)]
        for basin in basins
    ]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:32]


def _resource_id(basin: Mapping[str, Any]) -> str:
    return str(basin["url"]).rpartition("id=")[2]


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
