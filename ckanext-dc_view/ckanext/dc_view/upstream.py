"""Images that lie in another measurement of the same dataset: the one this was made of.

A result of an analysis often has no images, but names the file they are in as a basin. Only what
the pipeline knows already is used to find that file among the resources of the dataset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dcor_shared.objects.names import object_name
from dcor_shared.objects.sources import RangeSource
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.facts import resource_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from dcor_shared.measurement.overview.making import Upstream
    from dcor_shared.objects.store import ObjectStore
    from dcor_shared.pipeline.steps import ResourceFacts, StepContext

_OWN = sa.text("""
SELECT identifier, original->'features' AS features, original->'basins' AS basins
FROM dcor_record WHERE resource_id = :resource_id AND etag = :etag
""")
_CANDIDATES = sa.text("""
SELECT r.id, d.identifier, d.etag FROM resource r JOIN dcor_record d ON d.resource_id = r.id
WHERE r.package_id = :package_id AND r.id <> :resource_id AND r.state = 'active'
  AND d.identifier = ANY(:identifiers) AND d.original->'features' @> '["image"]'
ORDER BY r.position, r.id
""")


@dataclass(frozen=True)
class PicturesElsewhere:
    """The measurement that has the images.

    Attributes
    ----------
    facts
        Its resource.
    mapping
        ``same``, or the feature that holds the index of each event in it.
    """

    facts: ResourceFacts
    mapping: str

    def open(self, store: ObjectStore) -> Upstream:
        """Random access to its bytes."""
        from dcor_shared.measurement.overview.making import Upstream

        return Upstream(self.source(store), self.mapping)

    def source(self, store: ObjectStore) -> RangeSource:
        """Random access to its bytes."""
        name = object_name(store.settings, self.facts.circle_id, self.facts.id)
        return RangeSource(store, name, self.facts.size, self.facts.etag)

    def to_json(self) -> dict[str, Any]:
        """What is kept in the record."""
        return {
            "resource_id": self.facts.id,
            "etag": self.facts.etag,
            "mapping": self.mapping,
        }


def find(context: StepContext) -> PicturesElsewhere | None:
    """Where the images of a measurement are, if it has none itself."""
    facts = context.resource
    with session() as own:
        found = own.execute(_OWN, {"resource_id": facts.id, "etag": facts.etag}).one_or_none()
        if found is None or "image" in (found.features or []):
            return None
        wanted = identifiers(found.basins or [], found.identifier)
        return _first(own, facts, wanted) if wanted else None


def identifiers(basins: Iterable[Mapping[str, Any]], identifier: str | None) -> dict[str, str]:
    """Identifiers of measurements that a file names as basins, with their mapping."""
    wanted: dict[str, str] = {}
    for basin in basins:
        named, mapping = basin.get("identifier"), str(basin.get("mapping") or "same")
        is_file = basin.get("type") == "file" and basin.get("format") == "hdf5"
        if not is_file or not isinstance(named, str) or not named:
            continue
        # the same events mean the same measurement
        if mapping != "same" or named == identifier:
            wanted.setdefault(named, mapping)
    return wanted


def _first(
    database: Session, facts: ResourceFacts, wanted: Mapping[str, str]
) -> PicturesElsewhere | None:
    given = {
        "package_id": facts.package_id,
        "resource_id": facts.id,
        "identifiers": list(wanted),
    }
    for row in database.execute(_CANDIDATES, given).all():
        candidate = resource_facts(database, row.id)
        if candidate is None or candidate.circle_id != facts.circle_id:
            continue
        # a record of what was there before says nothing about what is there now
        if candidate.etag == row.etag:
            return PicturesElsewhere(candidate, wanted[row.identifier])
    return None
