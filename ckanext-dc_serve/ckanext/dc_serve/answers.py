"""What ``dcserv`` answers to each query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects.names import object_name
from dcor_shared.objects.store import head

from ckanext.dc_serve import basins as basins_of
from ckanext.dc_serve import config, queries, records, version3
from ckanext.dc_serve.kept import layer
from ckanext.dc_serve.parameters import LONG_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.dc_serve.parameters import Query
    from ckanext.dc_serve.subject import Subject


def answer(subject: Subject, query: Query) -> Any:
    """Answer to a query about a measurement that the user may read.

    Raises
    ------
    ValidationError
        If there is no such query.
    RecordUnavailableError
        If the measurement could not be described.
    """
    name = query.name if isinstance(query.name, str) else ""
    if query.version > LONG_KNOWN and (further := _FURTHER.get(name)):
        return further(subject, query.parameters)
    if (respond := _QUERIES.get(name)) is None:
        raise tk.ValidationError(f"Invalid query parameter '{query.name}'!")
    return respond(subject)


def lasting_seconds(subject: Subject, query: Query) -> float:
    """For how long an answer stays right unless something changes in the database; 0: not at all.

    The states of steps and the object store are not asked about before an answer is sent again.
    Links to private data expire: clients take the time of an answer for that of its links, with a
    tolerance of half a minute.
    """
    if query.name in _WITH_LINKS:
        return layer.SECONDS if subject.is_public else _LINK_SECONDS
    return layer.SECONDS if query.name in _LASTING else 0.0


def _valid(subject: Subject) -> bool:
    store = object_store()
    name = object_name(store.settings, subject.circle_id, subject.id)
    return head(store, name) is not None


def _feature_list(_subject: Subject) -> list[str]:
    return []


def _metadata(subject: Subject) -> dict[str, Any]:
    original, _condensed = records.load(subject, "head")
    return queries.metadata(original)


def _size(subject: Subject) -> int:
    original, _condensed = records.load(subject, "head")
    return queries.size(original)


def _trace_list(subject: Subject) -> list[str]:
    original, _condensed = records.load(subject, "head")
    return queries.trace_list(original)


def _logs(subject: Subject) -> dict[str, list[str]]:
    return queries.logs(*records.load(subject, "logs"))


def _tables(subject: Subject) -> dict[str, Any]:
    original, _condensed = records.load(subject, "tables")
    return queries.tables(original)


def _basins(subject: Subject) -> list[dict[str, Any]]:
    original, condensed = records.load(subject, "head")
    return basins_of.basins(
        basins_of.Place(
            store=object_store(),
            circle_id=subject.circle_id,
            resource_id=subject.id,
            is_public=subject.is_public,
        ),
        original=original["features"],
        condensed=queries.condensed_features(
            condensed, with_upstream=config.enable_intra_dataset_basins()
        ),
    )


def _all(subject: Subject, _parameters: object) -> dict[str, Any]:
    respond = {"metadata": _metadata, "logs": _logs, "tables": _tables, "basins": _basins}
    return {name: function(subject) for name, function in respond.items()}


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
#: Queries of version 3 alone; they are given the parameters of the request.
_FURTHER: dict[str, Callable[[Subject, Any], Any]] = {
    "all": _all,
    "feature": version3.feature,
    "statistics": version3.statistics,
    "status": version3.status,
}
_LASTING = {
    "feature",
    "feature_list",
    "logs",
    "metadata",
    "size",
    "statistics",
    "tables",
    "trace_list",
}
_WITH_LINKS = {"all", "basins"}
_LINK_SECONDS = 5.0
