"""An object is public exactly while its dataset is active and not private.

Every way in ends in a change of rows, so this is where it is noticed: when CKAN's session writes
a dataset or a resource, entries of the outbox are written with it. They are executed after the
commit; a rollback takes them along.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ckan import model

from dcor_shared.pipeline import enqueue, outbox, states

from ckanext.dcor_schemas import config, default_views
from ckanext.dcor_schemas.uploads import ledger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session, SessionTransaction

log = logging.getLogger(__name__)

#: Fields that decide who may read the objects of a dataset.
_DECIDING = ("state", "private")


@dataclass
class Intents:
    """What transactions of this thread asked for: noted, then due once they are committed.

    Attributes
    ----------
    objects
        Resources whose objects have entries in the outbox.
    steps
        Resources that have steps to be run.
    views
        New resources, which get their default views.
    """

    objects: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)

    def add(self, other: Intents) -> None:
        """Take over what another one holds and leave it empty."""
        self.objects += other.objects
        self.steps += other.steps
        self.views += other.views
        other.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.objects = []
        self.steps = []
        self.views = []


class _Here(threading.local):
    def __init__(self) -> None:
        self.noted = Intents()
        self.due = Intents()


_here = _Here()


def listen() -> None:
    """Listen to CKAN's database session; safe to call again."""
    for name, listener in (
        ("before_flush", _note_changes),
        ("after_rollback", _forget),
        ("after_transaction_end", _make_due),
    ):
        if not sa.event.contains(model.Session, name, listener):
            sa.event.listen(model.Session, name, listener)


# Inside the transaction


def note_new_resources(package_id: str) -> None:
    """Plan the processing of the resources that the open transaction registers."""
    new = ledger.note_registered(package_id)
    if not new:
        return
    _here.noted.views.extend(new)
    _here.noted.steps.extend(states.plan(model.Session, package_id))
    package = model.Session.get(model.Package, package_id)
    if package and package.state == "active" and not package.private:
        _note(model.Session(), outbox.VISIBILITY, package.owner_org, new)


def note_work(resource_ids: Iterable[str]) -> None:
    """Tell the workers about these resources after the commit."""
    _here.noted.steps.extend(resource_ids)


def _note_changes(session: Session, _flush_context: object, _instances: object) -> None:
    for entity in session.dirty:
        if isinstance(entity, model.Package) and _changed(entity, _DECIDING):
            ids = [resource.id for resource in entity.resources_all]
            _note(session, outbox.VISIBILITY, entity.owner_org, ids)
        elif isinstance(entity, model.Resource) and _changed(entity, ("state",)):
            _note(session, outbox.VISIBILITY, _circle(session, entity), [entity.id])
    for entity in session.deleted:
        if isinstance(entity, model.Resource):
            _note(session, outbox.DELETE, _circle(session, entity), [entity.id])


def _changed(entity: Any, names: Iterable[str]) -> bool:
    attributes = sa.inspect(entity).attrs
    return any(attributes[name].history.has_changes() for name in names)


def _circle(session: Session, resource: model.Resource) -> str | None:
    package = session.get(model.Package, resource.package_id)
    return package.owner_org if package else None


def _note(session: Session, action: str, circle_id: str | None, ids: Iterable[str | None]) -> None:
    resource_ids = [resource_id for resource_id in ids if resource_id]
    if not circle_id or not resource_ids:
        return  # without a circle there is no bucket
    delay = config.delete_grace_period() if action == outbox.DELETE else 0
    if delay:
        outbox.add(session, outbox.VISIBILITY, circle_id, resource_ids)
    outbox.add(session, action, circle_id, resource_ids, delay)
    _here.noted.objects.extend(resource_ids)


# After the transaction


def _forget(_session: Session) -> None:
    _here.noted.clear()


def _make_due(_session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        _here.due.add(_here.noted)


def after_action(_sender: str, result: Any = None, **_kwargs: Any) -> None:
    """Do what the committed transactions of this thread asked for; called after every action.

    The action has succeeded: nothing that fails here may turn it into an error.
    """
    due = Intents()
    due.add(_here.due)
    _do(due)
    try:
        default_views.create(due.views, result)
    except Exception:
        model.Session.rollback()
        log.exception("Resources %s have no views; an editor can add them", due.views)


def _do(due: Intents) -> None:
    try:
        if due.objects:
            outbox.drain(due.objects, config.publish_wait())
        enqueue.enqueue(due.steps)
    except Exception:
        log.exception("The workers will do this; they look for what is left over in the database")
