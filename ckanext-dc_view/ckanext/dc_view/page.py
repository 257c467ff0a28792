"""What the templates of the views are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ckan.plugins import toolkit as tk

from ckanext.dc_view import (
    beginnings,
    errors,
    logs_and_tables,
    records,
    state,
    subject,
    turns,
)
from ckanext.dc_view.metadata import sections as of_measurement
from ckanext.dc_view.metadata import supplements, tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ckanext.dc_view.logs_and_tables import Log, Table
    from ckanext.dc_view.metadata.sections import Section
    from ckanext.dc_view.subject import Subject

#: Logs and tables that are listed, and notes; the viewer shows all.
_LISTED, _NOTES = 100, 50
#: Keys that the record has although the file may not say anything about them.
_DEFAULTS = {("experiment", "run index"), ("experiment", "sample")}


def overview_variables(resource: Mapping[str, Any], package: Mapping[str, Any]) -> dict[str, Any]:
    """Variables of ``dc_view.html``."""
    about = _subject(resource, package)
    if about is None:
        shown = tables.html(_sections(None, resource))
        return {
            "metadata_html": shown,
            "is_busy": False,
            "preview_url": None,
            "dc_view_state": None,
        }
    is_affordable = _is_affordable(about)
    return {
        "metadata_html": tables.html(_sections(about if is_affordable else None, resource)),
        "is_busy": not is_affordable,
        "preview_url": state.preview_url(about),
        "dc_view_state": state.state(about),
    }


def log_variables(resource: Mapping[str, Any], package: Mapping[str, Any]) -> dict[str, Any]:
    """Variables of ``dc_view_log.html``."""
    about = _subject(resource, package)
    if about is None or not _is_affordable(about):
        return {
            "logs": {},
            "log_list": [],
            "table_list": [],
            "log_notes": [],
            "is_busy": about is not None,
            "dc_view_state": about and state.state(about),
        }
    logs, tables = logs_and_tables.logs(about), logs_and_tables.tables(about)
    return {
        "logs": beginnings.of_logs(about, logs),
        "log_list": logs[:_LISTED],
        "log_notes": records.notes(about)[:_NOTES] + _more_than(logs, tables),
        "table_list": _tables(about, tables[:_LISTED]),
        "is_busy": False,
        "dc_view_state": state.state(about),
        "log_url": state.url(about, "log_file"),
        "table_url": state.url(about, "table_file", kind="csv"),
    }


def metadata_json(about: Subject, resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Metadata of all sections as JSON; whoever asks has taken a turn if one is needed."""
    return tables.to_json(_sections(about, resource))


def _tables(about: Subject, tables: Sequence[Table]) -> list[dict[str, Any]]:
    rows = beginnings.of_tables(about, tables)
    return [
        {
            "name": table.name,
            "columns": [
                beginnings.cut(str(name))
                for name in (table.columns or [])[: beginnings.MOST_COLUMNS]
            ],
            "is_wide": len(table.columns or []) > beginnings.MOST_COLUMNS,
            "total": table.rows,
            "rows": rows.get(table.name, []),
        }
        for table in tables
    ]


def _more_than(logs: Sequence[Log], tables: Sequence[Table]) -> list[str]:
    """Notes about what is not even listed."""
    wording = {
        tk._("Only {listed} of {count} logs are listed without JavaScript."): logs,
        tk._("Only {listed} of {count} tables are listed without JavaScript."): tables,
    }
    return [
        text.format(listed=_LISTED, count=len(found))
        for text, found in wording.items()
        if len(found) > _LISTED
    ]


def _is_affordable(about: Subject) -> bool:
    """Whether the record may be looked into now: large ones keep a web process busy."""
    return not records.is_large(about) or turns.is_left()


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
