"""What steps write into the resource dictionary that clients see.

A dataset is written as a whole: the values of all its resources that wait, then its entry in the
search index, in one transaction under the lock of the dataset. ``package_show`` is served from the
index and trusts an entry with the same ``metadata_modified``, which stays untouched here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import logic, model

from dcor_shared.pipeline.facts import extras_of
from dcor_shared.pipeline.registry import all_steps
from dcor_shared.pipeline.steps import Reads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

#: Keys of the dictionary that are columns; everything else is an extra.
_COLUMNS = ("url", "format", "hash", "mimetype", "size", "url_type")
_PROTECTED = {"id", "package_id", "name", "state", "position", "created", "metadata_modified"}

_LOCK = sa.text("SELECT id FROM package WHERE id = :package_id FOR UPDATE")
_READ = sa.text(
    "SELECT id, extras, url, format, hash, mimetype, size, url_type FROM resource"
    " WHERE id = ANY(:resource_ids) FOR UPDATE"
)
_UPDATE = sa.text(
    "UPDATE resource SET extras = :extras, url = :url, format = :format, hash = :hash,"
    " mimetype = :mimetype, size = :size, url_type = :url_type, last_modified = :now WHERE id = :id"
)
# What a step that reads the whole file found (the checksum) is shown when the resource has
# nothing left to do: clients take the checksum as the sign that everything else is there.
_DUE = """s.fields IS NOT NULL AND (s.step = ANY(:early) OR NOT EXISTS (
  SELECT 1 FROM dcor_step o
  WHERE o.resource_id = s.resource_id AND o.state IN ('pending', 'running')))"""
_OF_DATASET = "dcor_step s JOIN resource r ON r.id = s.resource_id WHERE r.package_id ="
_TAKE = sa.text(
    f"SELECT s.resource_id, s.step, s.fields FROM {_OF_DATASET} :package_id AND {_DUE}"  # noqa: S608
)
_DONE = sa.text(
    "UPDATE dcor_step SET fields = NULL"
    " FROM unnest(CAST(:resource_ids AS text[]), CAST(:steps AS text[])) AS d(resource_id, step)"
    " WHERE dcor_step.resource_id = d.resource_id AND dcor_step.step = d.step"
)
_SETTLED = sa.text(f"""
SELECT p.package_id FROM resource p
CROSS JOIN LATERAL (SELECT min(s.finished) AS first FROM {_OF_DATASET} p.package_id AND {_DUE}) due
WHERE p.id = :resource_id AND due.first IS NOT NULL
  AND (due.first < clock_timestamp() - make_interval(secs => :patience) OR NOT EXISTS (
    SELECT 1 FROM {_OF_DATASET} p.package_id AND s.queue = :queue
      AND (s.state = 'running' OR s.state = 'pending' AND s.not_before <= clock_timestamp())))
""")  # noqa: S608
_WAITING = sa.text(f"""
SELECT DISTINCT r.package_id FROM dcor_step s JOIN resource r ON r.id = s.resource_id
WHERE s.finished < clock_timestamp() - make_interval(secs => :patience) AND {_DUE}
LIMIT 100
""")  # noqa: S608

#: Seconds for which values wait for those of other resources of the dataset.
PATIENCE = 1.0


class ProtectedFieldError(Exception):
    """A step wants to change something of a resource that belongs to people or to CKAN."""


def write_fields(session: Session, resource_id: str, fields: Mapping[str, Any]) -> bool:
    """Merge values into the dictionary of a resource, under the lock of its row.

    ``last_modified`` of the resource is set, ``metadata_modified`` of the dataset is not. Rewrite
    the dataset's index entry in the same transaction (`refresh_index`).

    Returns
    -------
    bool
        Whether anything changed.

    Raises
    ------
    ProtectedFieldError
        When `fields` contains what no step may change.
    """
    return bool(_write(session, {resource_id: dict(fields)}))


def refresh_index(package_id: str) -> None:
    """Write the search index entry of a dataset anew from the database (``model.Session``)."""
    model.Session.expire_all()
    logic.index_update_package({"ignore_auth": True}, package_id)


def flush(package_id: str) -> int:
    """Write what waits for the resources of a dataset; the number of resources changed.

    Uses and commits ``model.Session``: call it in workers only. Whoever waited for the lock finds
    that there is nothing left to do.
    """
    session = model.Session()
    try:
        session.execute(_LOCK, {"package_id": package_id})
        waiting = session.execute(_TAKE, {"package_id": package_id, "early": _early()}).all()
        changed = _write(session, _by_resource(waiting))
        if waiting:
            _forget(session, waiting)
        if changed:
            refresh_index(package_id)
        session.commit()
    finally:
        # after the commit there is nothing to roll back
        session.rollback()
    return changed


def due_package(session: Session, resource_id: str, queue: str) -> str | None:
    """The dataset of a resource if it is time to write its values.

    It is when nothing more is coming soon from this queue, or when a value has waited long enough.
    """
    where = {"resource_id": resource_id, "queue": str(queue)}
    return session.execute(_SETTLED, {**where, "early": _early(), "patience": PATIENCE}).scalar()


def overdue(session: Session, patience: float = 5 * PATIENCE) -> list[str]:
    """Datasets with values that nobody wrote for `patience` seconds (a worker was killed)."""
    values: dict[str, Any] = {"patience": patience, "early": _early()}
    return list(session.execute(_WAITING, values).scalars())


def _early() -> list[str]:
    return [step.name for step in all_steps().values() if step.reads != Reads.FILE]


def _by_resource(waiting: list[Any]) -> dict[str, dict[str, Any]]:
    order = {name: number for number, name in enumerate(all_steps())}
    values: dict[str, dict[str, Any]] = {}
    for row in sorted(waiting, key=lambda row: order.get(row.step, 0)):
        values.setdefault(row.resource_id, {}).update(row.fields)
    return values


def _forget(session: Session, waiting: list[Any]) -> None:
    ids, steps = [row.resource_id for row in waiting], [row.step for row in waiting]
    session.execute(_DONE, {"resource_ids": ids, "steps": steps})


def _write(session: Session, values: Mapping[str, dict[str, Any]]) -> int:
    if not values:
        return 0
    rows = session.execute(_READ, {"resource_ids": list(values)}).all()
    updates = [update for row in rows if (update := _update(row, values[row.id]))]
    if updates:
        session.execute(_UPDATE, updates)
    return len(updates)


def _update(row: Any, fields: dict[str, Any]) -> dict[str, Any] | None:
    """Parameters of `_UPDATE`; None when nothing changes."""
    if protected := _PROTECTED & set(fields):
        raise ProtectedFieldError(f"A step must not write: {', '.join(sorted(protected))}.")
    old = {"extras": extras_of(row.extras), **{key: getattr(row, key) for key in _COLUMNS}}
    new = {key: fields.get(key, old[key]) for key in _COLUMNS}
    extras = {key: value for key, value in fields.items() if key not in _COLUMNS}
    new["extras"] = {**old["extras"], **extras}
    if new == old:
        return None
    now = datetime.now(UTC).replace(tzinfo=None)  # CKAN keeps naive times in UTC
    return {
        **new,
        "extras": json.dumps(new["extras"], ensure_ascii=False),
        "now": now,
        "id": row.id,
    }
