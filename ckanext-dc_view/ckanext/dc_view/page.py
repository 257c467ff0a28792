"""What the templates of the views are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ckan.plugins import toolkit as tk

from ckanext.dc_view import errors, records, state, subject
from ckanext.dc_view.metadata import sections as of_measurement
from ckanext.dc_view.metadata import supplements, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.dc_view.metadata.sections import Section
    from ckanext.dc_view.subject import Subject

#: What the page shows without script: lines of so many logs, rows of so many tables, notes.
_LINES, _LOGS, _ROWS, _TABLES, _NOTES = 200, 50, 100, 20, 50
#: Keys that the record has although the file may not say anything about them.
_DEFAULTS = {("experiment", "run index"), ("experiment", "sample")}


def overview_variables(resource: Mapping[str, Any], package: Mapping[str, Any]) -> dict[str, Any]:
    """Variables of ``dc_view.html``."""
    about = _subject(resource, package)
    if about is None:
        shown = tables.html(_sections(None, resource))
        return {"metadata_html": shown, "preview_url": None, "dc_view_state": None}
    return {
        "metadata_html": tables.html(_sections(about, resource)),
        "preview_url": state.preview_url(about),
        "dc_view_state": state.state(about),
    }


def log_variables(resource: Mapping[str, Any], package: Mapping[str, Any]) -> dict[str, Any]:
    """Variables of ``dc_view_log.html``."""
    about = _subject(resource, package)
    if about is None:
        return {
            "logs": {},
            "log_list": [],
            "table_list": [],
            "log_notes": [],
            "dc_view_state": None,
        }
    found = records.logs(about)
    return {
        "logs": records.beginnings(about, found[:_LOGS], _LINES),
        "log_list": found,
        "log_notes": records.notes(about)[:_NOTES],
        "table_list": [
            _table(about, table, _ROWS if number < _TABLES else 0)
            for number, table in enumerate(records.tables(about))
        ],
        "dc_view_state": state.state(about),
        "log_url": state.url(about, "log_file"),
        "table_url": state.url(about, "table_file", kind="csv"),
    }


def metadata_json(about: Subject, resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Metadata of all sections as JSON."""
    return tables.to_json(_sections(about, resource))


def _table(about: Subject, table: records.Table, count: int) -> dict[str, Any]:
    return {
        "name": table.name,
        "columns": table.columns,
        "total": table.rows,
        "rows": records.rows(about, table.name, 0, count) if count else [],
    }


def _subject(resource: Mapping[str, Any], package: Mapping[str, Any]) -> Subject | None:
    try:
        return subject.require(UUID(package["id"]), UUID(resource["id"]))
    except (errors.NotFoundError, ValueError):
        return None


def _sections(about: Subject | None, resource: Mapping[str, Any]) -> list[Section]:
    values = of_measurement.group(resource)
    if about is not None:
        values = of_measurement.merge(values, _more(about, values))
    said = of_measurement.group(resource, "sp")
    schema = tk.get_action("resource_schema_supplements")({}, {}) if said else {}
    return [*of_measurement.sections(values), *supplements.sections(said, schema)]


def _more(about: Subject, values: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the file says beyond the fields of the resource: sections such as ``user``."""
    return {
        section: {
            key: value
            for key, value in keys.items()
            if (section, key) not in _DEFAULTS or key in values.get(section, {})
        }
        for section, keys in (records.metadata(about) or {}).items()
    }
