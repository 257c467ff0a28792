"""Metadata, logs and tables: from the record, in pieces."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 - routes are called with it

import flask

from ckan.plugins import toolkit as tk

from dcor_shared.objects.presign import content_disposition

from ckanext.dc_view import caching, errors, page, parameters, records, subject, texts
from ckanext.dc_view.routes.blueprint import dc_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.dc_view.caching import Answer

#: Lines found in one search at most, and length of what is looked for.
_MOST_MATCHES, _LONGEST_SEARCH = 1000, 200


@dc_view.route("/metadata.json")
def metadata(did: UUID, rid: UUID) -> Answer:
    """Metadata of all sections as they are shown."""
    about = subject.require_measurement(did, rid)
    resource = tk.get_action("resource_show")(subject.user_context(), {"id": about.id})
    document = {"sections": page.metadata_json(about, resource)}
    return caching.never(caching.json_answer(document))


@dc_view.route("/logs.json")
def logs(did: UUID, rid: UUID) -> Answer:
    """All logs, or lines of one of them."""
    about = subject.require_measurement(did, rid)
    name = parameters.text(flask.request.args, "name")
    if name is None:
        listed = [asdict(log) for log in records.logs(about)]
        return _answer({"logs": listed, "notes": records.notes(about)})
    total = records.line_count(about, name)
    if (search := parameters.text(flask.request.args, "search")) is not None:
        found = records.lines(about, name, 0, _MOST_MATCHES, search[:_LONGEST_SEARCH])
        matches = [{"line": line, "text": text} for line, text in found]
        return _answer({"name": name, "total": total, "matches": matches})
    piece = parameters.page(flask.request.args)
    lines = [text for _, text in records.lines(about, name, piece.start, piece.count)]
    return _answer({"name": name, "total": total, "start": piece.start, "lines": lines})


@dc_view.route("/logs.txt")
def log_file(did: UUID, rid: UUID) -> Answer:
    """One log to save."""
    about = subject.require_measurement(did, rid)
    name = _name()
    records.line_count(about, name)
    return _file(texts.log_text(about, name), f"{about.name}_{name}.txt", "text/plain")


@dc_view.route("/tables.json")
def tables(did: UUID, rid: UUID) -> Answer:
    """All tables, or rows of one of them."""
    about = subject.require_measurement(did, rid)
    name = parameters.text(flask.request.args, "name")
    if name is None:
        return _answer({"tables": [asdict(table) for table in records.tables(about)]})
    table = records.table(about, name)
    piece = parameters.page(flask.request.args)
    rows = records.rows(about, name, piece.start, piece.count)
    return _answer(
        {
            "name": name,
            "columns": table.columns,
            "total": table.rows,
            "start": piece.start,
            "rows": rows,
        }
    )


@dc_view.route("/tables.<kind>")
def table_file(did: UUID, rid: UUID, kind: str) -> Answer:
    """One table to save, as ``csv`` or ``tsv``."""
    about = subject.require_measurement(did, rid)
    if kind not in texts.DELIMITERS:
        raise errors.NotFoundError
    table = records.table(about, _name())
    pieces = texts.table_text(about, table.name, kind)
    media_type = "text/csv" if kind == "csv" else "text/tab-separated-values"
    return _file(pieces, f"{about.name}_{table.name}.{kind}", media_type)


def _name() -> str:
    name = parameters.text(flask.request.args, "name")
    if name is None:
        raise errors.BadParametersError("'name' has to say which one is wanted.")
    return name


def _answer(document: Any) -> Answer:
    return caching.never(caching.json_answer(document))


def _file(pieces: Iterator[str], name: str, media_type: str) -> Answer:
    """A file to save; it is read while this request still has its database session."""
    answer = caching.data_answer("".join(pieces).encode(), media_type)
    # a log may have any name
    safe = "".join("_" if char in '/\\:*?"<>|' else char for char in name)
    answer.headers["Content-Disposition"] = content_disposition(safe)
    return caching.never(answer)
