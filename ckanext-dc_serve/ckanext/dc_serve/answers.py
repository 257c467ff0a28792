"""What ``dcserv`` answers to each query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import head

from ckanext.dc_serve import basins as basins_of
from ckanext.dc_serve import config, queries, records

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.dc_serve.subject import Subject


def answer(subject: Subject, query: object) -> Any:
    """Answer to a query about a measurement that the user may read.

    Raises
    ------
    ValidationError
        If there is no such query.
    RecordUnavailableError
        If the measurement could not be described.
    """
    respond = _QUERIES.get(query) if isinstance(query, str) else None
    if respond is None:
        raise tk.ValidationError(f"Invalid query parameter '{query}'!")
    return respond(subject)


def _valid(subject: Subject) -> bool:
    store = object_store()
    name = object_name(store.settings, subject.circle_id, subject.id)
    return head(store, name) is not None


def _feature_list(_subject: Subject) -> list[str]:
    return []


def _metadata(subject: Subject) -> dict[str, Any]:
    return queries.metadata(records.load(subject).original)


def _size(subject: Subject) -> int:
    return queries.size(records.load(subject).original)


def _trace_list(subject: Subject) -> list[str]:
    return queries.trace_list(records.load(subject).original)


def _logs(subject: Subject) -> dict[str, list[str]]:
    record = records.load(subject)
    return queries.logs(record.original, record.condensed)


def _tables(subject: Subject) -> dict[str, Any]:
    return queries.tables(records.load(subject).original)


def _basins(subject: Subject) -> list[dict[str, Any]]:
    record = records.load(subject)
    return basins_of.basins(
        basins_of.Place(
            store=object_store(),
            circle_id=subject.circle_id,
            resource_id=subject.id,
            is_public=subject.is_public,
        ),
        original=record.original["features"],
        condensed=queries.condensed_features(
            record.condensed, with_upstream=config.enable_intra_dataset_basins()
        ),
    )


_QUERIES: dict[str, Callable[[Subject], Any]] = {
    "valid": _valid,
    "feature_list": _feature_list,
    "metadata": _metadata,
    "size": _size,
    "trace_list": _trace_list,
    "logs": _logs,
    "tables": _tables,
    "basins": _basins,
}
