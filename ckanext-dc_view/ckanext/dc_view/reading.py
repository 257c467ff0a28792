"""Single events of measurements: which object to ask, and whom.

The measurement is opened in sandboxed processes that stay alive for a while; this process only
fetches the ranges of the object that they ask for, and only for a limited time.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import flask

from ckan import model

from dcor_shared.config import object_store
from dcor_shared.objects.names import object_name
from dcor_shared.objects.sources import RangeSource
from dcor_shared.pipeline.facts import resource_facts

from ckanext.dc_view import config, errors, records, turns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dcor_shared.measurement.overview.events import EventReader, EventSource
    from dcor_shared.pipeline.steps import ResourceFacts

    from ckanext.dc_view.subject import Subject

log = logging.getLogger(__name__)

#: Where the WSGI environment of a request keeps its deadline.
_DEADLINE = "ckanext.dc_view.deadline"
_lock = threading.Lock()
_readers: list[EventReader] = []
_preparing: list[threading.Thread] = []


def reader() -> EventReader:
    """The reader of this process; made when it is first needed."""
    from dcor_shared.measurement.overview.events import EVENT_LIMITS, EventReader

    with _lock:
        if not _readers:
            limits = replace(EVENT_LIMITS, seconds=config.event_seconds())
            _readers.append(EventReader(config.event_sessions(), limits))
        return _readers[0]


def prepare() -> None:
    """Start what reads events, in a web process and beside its other work: it takes a second.

    So nobody waits for it who clicks the first event after a restart.
    """
    with _lock:
        if _preparing or not turns.is_web_server():
            return
        _preparing.append(threading.Thread(target=_prepare, daemon=True))
    _preparing[0].start()


def _prepare() -> None:
    from dcor_shared.measurement import sandbox
    from dcor_shared.measurement.errors import SandboxUnavailableError

    try:
        sandbox.warm_up()
    except (SandboxUnavailableError, OSError) as error:
        # the one who asks for an event is told
        log.warning("Events cannot be read: %s", error)


def ask(source: EventSource, **question: Any) -> Any:
    """The answer to a question about events.

    Raises
    ------
    RequestError
        If it cannot be answered.
    """
    from dcor_shared.measurement.errors import MeasurementError, NoSuchEventError
    from dcor_shared.measurement.overview.events import TooBusyError

    _await_preparation(_deadline())
    try:
        return reader().ask(source, deadline=_deadline(), **question)
    except NoSuchEventError as error:
        raise errors.NoEventError(error.text) from error
    except TooBusyError as error:
        raise errors.BusyError(str(error)) from error
    except MeasurementError as error:
        if not error.permanent:
            raise errors.BusyError(error.text) from error
        raise errors.UnreadableError(error.text) from error


def _await_preparation(deadline: float) -> None:
    """Wait for what is being started, which may take longer than a request may."""
    for thread in _preparing:
        thread.join(max(0.0, deadline - time.monotonic()))
        if thread.is_alive():
            raise errors.BusyError("What reads events is still being started; try again later.")


def _deadline() -> float:
    """When this request is given up, however many questions it asks."""
    latest = time.monotonic() + config.event_seconds()
    return float(flask.request.environ.setdefault(_DEADLINE, latest))


def original(about: Subject) -> EventSource:
    """The measurement itself."""
    from dcor_shared.measurement.overview.events import EventSource

    store, name = object_store(), about.object("resource")
    if not about.is_in_store or not about.etag:
        raise errors.NoMeasurementError("The measurement is not in the object store.")
    opener = partial(RangeSource, store, name, about.size, about.etag)
    return EventSource((name, about.etag), opener)


def with_values(about: Subject) -> EventSource:
    """Where all scalar features are: the condensed file if there is one, else the measurement."""
    from dcor_shared.measurement.overview.events import EventSource

    condensed = records.condensed(about)
    if condensed is None:
        return original(about)
    etag, size = condensed
    store, name = object_store(), about.object("condensed")
    return EventSource((name, etag), partial(RangeSource, store, name, size, etag))


@dataclass(frozen=True)
class Pictures:
    """Where the pictures of events are.

    Attributes
    ----------
    source
        The measurement that has them.
    question
        How to ask for the events there: by their own numbers, and where they are if it is another
        measurement.
    """

    source: EventSource
    question: Mapping[str, Any]

    def ask(self, what: str, **more: Any) -> Any:
        """The answer to a question; like :func:`ask`."""
        return ask(self.source, ask=what, **self.question, **more)


def picture_of(about: Subject, index: int) -> Pictures:
    """Where the pictures of one event are.

    Raises
    ------
    RequestError
        If that cannot be found out.
    """
    found = pictures_of(about, [index])
    if "places" not in found.question:
        return Pictures(found.source, {"index": index})
    (place,) = found.question["places"]
    if place is None:
        raise errors.UnreadableError(f"Nothing says which image belongs to event {index}.")
    count = found.question["event_count"]
    return Pictures(found.source, {"index": index, "place": place, "event_count": count})


def pictures_of(about: Subject, indices: Sequence[int]) -> Pictures:
    """Where the pictures of events are.

    Raises
    ------
    RequestError
        If that cannot be found out.
    """
    summary = records.overview(about) or {}
    elsewhere = summary.get("upstream")
    facts = elsewhere and resource_facts(model.Session(), elsewhere["resource_id"])
    # only resources of the same dataset have the same readers
    if not elsewhere or facts is None or facts.package_id != about.package_id:
        return Pictures(original(about), {"indices": list(indices)})
    if facts.etag != elsewhere.get("etag"):
        raise errors.UnreadableError(
            "The file with the images has changed since the overview was made, so nothing says"
            " which image belongs to which event; the overview has to be made anew."
        )
    question = {
        "indices": list(indices),
        "places": _mapped(about, elsewhere["mapping"], indices),
        "event_count": summary["event_count"],
    }
    return Pictures(_upstream(facts), question)


def _upstream(facts: ResourceFacts) -> EventSource:
    from dcor_shared.measurement.overview.events import EventSource

    store = object_store()
    name = object_name(store.settings, facts.circle_id, facts.id)
    opener = partial(RangeSource, store, name, facts.size, facts.etag)
    return EventSource((name, facts.etag), opener)


def _mapped(about: Subject, mapping: str, indices: Sequence[int]) -> list[int | None]:
    if mapping == "same":
        return list(indices)
    found: list[int | None] = ask(
        with_values(about), ask="places", indices=list(indices), mapping=mapping
    )
    return found
