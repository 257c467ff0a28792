"""Metadata, logs and tables: from the record, in pieces."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 - routes are called with it

import flask

from ckan.plugins import toolkit as tk

from dcor_shared.objects.presign import content_disposition

from ckanext.dc_view import (
    caching,
    errors,
    logs_and_tables,
    page,
    parameters,
    records,
    referred,
    subject,
    texts,
    turns,
)
from ckanext.dc_view.routes.blueprint import dc_view

if TYPE_CHECKING:
    from ckanext.dc_view.caching import Answer
    from ckanext.dc_view.referred import Referred
    from ckanext.dc_view.subject import Subject

#: Lines found in one search at most, and length of what is looked for.
_MOST_MATCHES, _LONGEST_SEARCH = 1000, 200


@dc_view.route("/metadata.json")
def metadata(did: UUID, rid: UUID) -> Answer:
    """Metadata of all sections as they are shown."""
    about = _subject(did, rid)
    resource = tk.get_action("resource_show")(subject.user_context(), {"id": about.id})
    return _answer({"sections": page.metadata_json(about, resource)})


@dc_view.route("/logs.json")
def logs(did: UUID, rid: UUID) -> Answer:
    """All logs, or lines of one of them."""
    about = _subject(did, rid)
    name = parameters.text(flask.request.args, "name")
    if name is None:
        listed = [asdict(log) for log in logs_and_tables.logs(about)]
        return _answer({"logs": listed, "notes": records.notes(about)})
    if (search := parameters.text(flask.request.args, "search")) is not None:
        wanted = search[:_LONGEST_SEARCH]
        total, matches = logs_and_tables.matches(about, name, wanted, _MOST_MATCHES)
        return _answer({"name": name, "total": total, "matches": matches})
    piece = parameters.page(flask.request.args)
    total, lines = logs_and_tables.lines(about, name, piece.start, piece.count)
    return _answer({"name": name, "total": total, "start": piece.start, "lines": lines})


@dc_view.route("/basins.json")
def basins(did: UUID, rid: UUID) -> Answer:
    """The measurements of the dataset that this one refers to, and where their logs are."""
    about = _subject(did, rid)
    return _answer({"basins": [_place(about, one) for one in referred.referred(about)]})


def _place(about: Subject, one: Referred) -> dict[str, str]:
    page = tk.url_for("dataset_resource.read", id=about.package_id, resource_id=one.id)
    logs = tk.url_for("dc_view.logs", did=about.package_id, rid=one.id)
    return asdict(one) | {"page": page, "logs": logs}


@dc_view.route("/logs.txt")
def log_file(did: UUID, rid: UUID) -> Answer:
    """One log to save."""
    about = _subject(did, rid)
    name = _name()
    if caching.is_head():
        # whether it is there
        logs_and_tables.lines(about, name, 0, 1)
        answer = caching.head_answer("text/plain")
    else:
        answer = caching.file_answer(texts.log_file(about, name), "text/plain")
    return _named(answer, f"{about.name}_{name}.txt")


@dc_view.route("/tables.json")
def tables(did: UUID, rid: UUID) -> Answer:
    """All tables, or rows of one of them."""
    about = _subject(did, rid)
    name = parameters.text(flask.request.args, "name")
    if name is None:
        return _answer({"tables": [asdict(table) for table in logs_and_tables.tables(about)]})
    piece = parameters.page(flask.request.args)
    table, rows = logs_and_tables.rows(about, name, piece.start, piece.count)
    document = {"name": name, "columns": table.columns, "total": table.rows}
    return _answer(document | {"start": piece.start, "rows": rows})


@dc_view.route("/tables.<kind>")
def table_file(did: UUID, rid: UUID, kind: str) -> Answer:
    """One table to save, as ``csv`` or ``tsv``."""
    if kind not in texts.DELIMITERS:
        raise errors.NotFoundError
    about = _subject(did, rid)
    name = _name()
    media_type = "text/csv" if kind == "csv" else "text/tab-separated-values"
    if caching.is_head():
        # whether it is there
        logs_and_tables.rows(about, name, 0, 1)
        answer = caching.head_answer(media_type)
    else:
        answer = caching.file_answer(texts.table_file(about, name, kind), media_type)
    return _named(answer, f"{about.name}_{name}.{kind}")


def _subject(did: UUID, rid: UUID) -> Subject:
    """The measurement, after its turn was taken if looking into its record takes a while."""
    about = subject.require_measurement(did, rid)
    if records.is_large(about):
        turns.take()
    return about


def _name() -> str:
    name = parameters.text(flask.request.args, "name")
    if name is None:
        raise errors.BadParametersError("'name' has to say which one is wanted.")
    return name


def _answer(document: Any) -> Answer:
    return caching.never(caching.json_answer(document))


def _named(answer: Answer, name: str) -> Answer:
    """A file to save; it was read while this request still had its database session."""
    # a log may have any name
    safe = "".join("_" if char in '/\\:*?"<>|' else char for char in name)
    answer.headers["Content-Disposition"] = content_disposition(safe)
    return caching.never(answer)
