"""Sections as HTML tables and as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.dc_view.metadata.sections import Row, Section

_TABLE = Markup(
    '<table class="table table-striped table-bordered table-condensed dc_view"'
    ' data-section="{section}">\n'
    '<caption class="dc_view">{title}</caption>\n<tbody>\n{rows}</tbody>\n</table>\n<br>\n'
)
_ROW = Markup(
    '<tr data-key="{key}"><th scope="row" class="dataset-labels">{label}</th>'
    '<td class="dataset-details">{value}</td></tr>\n'
)
_MOMENT = "Date and start time"
_LINK = Markup('<a href="{href}" rel="noreferrer">{text}</a>')


def html(sections: Iterable[Section]) -> Markup:
    """All sections as tables, as people read them; every text is escaped."""
    return Markup("").join(
        _TABLE.format(
            section=section.section,
            title=section.title,
            rows=Markup("").join(map(_row, with_moment(section))),
        )
        for section in sections
    )


def with_moment(section: Section) -> list[Row]:
    """The rows of a section; date and start time are one of them, in place of the date."""
    found = list(section.rows)
    known = {row.key: row for row in found} if section.section == "experiment" else {}
    date, time = known.get("date"), known.get("time")
    if date is None or time is None:
        return found
    moment = replace(date, label=_MOMENT, text=f"{date.text} {time.text}")
    return [moment if row is date else row for row in found if row is not time]


def _row(row: Row) -> Markup:
    value = _LINK.format(href=row.href, text=row.shown) if row.href else row.shown
    return _ROW.format(key=row.key, label=row.label, value=value)


def to_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """All sections as JSON."""
    return [
        {
            "section": section.section,
            "title": section.title,
            "rows": [
                {
                    "key": row.key,
                    "label": row.label,
                    "value": row.value,
                    "text": row.text,
                    "unit": row.unit,
                    "href": row.href,
                }
                for row in section.rows
            ],
        }
        for section in sections
    ]
