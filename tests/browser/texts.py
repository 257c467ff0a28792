"""Metadata, logs and tables of the little site, some of them hostile."""

from __future__ import annotations

import math
from typing import Any

PAYLOAD = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"\'>'

_ROWS = [
    ("event count", "Number of recorded events", 1200, "1200", ""),
    ("sample", "Sample name", PAYLOAD, PAYLOAD, ""),
    ("flow rate", "Flow rate in channel", 0.06, "0.06 µL/s", "µL/s"),
    ("chip region", "Imaged chip region", "channel", "channel", ""),
]
_NAMES = ("key", "label", "value", "text", "unit")
METADATA = {
    "sections": [
        {
            "section": "experiment",
            "title": "Experiment",
            "rows": [dict(zip(_NAMES, row, strict=True)) | {"href": None} for row in _ROWS],
        }
    ]
}

LOGS = [
    ("dcevent", "original", [f"{line:04d} calibration step {line} done" for line in range(1200)]),
    (
        "a-pipeline",
        "condensed",
        ['{"version": {"dclab": "0.73"}, "steps": [1, 2]}', "plain line", PAYLOAD],
    ),
    (PAYLOAD, "original", [f"{PAYLOAD} javascript:alert(1)"]),
]

#: Name and logs of the measurement that this one refers to.
BASIN = f"raw {PAYLOAD}.rtdc"
BASIN_LOGS = [("acquisition", "original", ["of the raw file", PAYLOAD])]

_MONITOR = [
    [step, 100 + 10 * math.sin(step / 20), None if step % 50 == 7 else step % 17]
    for step in range(400)
]
TABLES = [
    ("cytoshot_monitor", ["time", "brightness", "focus"], _MONITOR),
    (PAYLOAD, [PAYLOAD, "b"], [[PAYLOAD, 1], ["x", 2]]),
]


def basin_answer() -> dict[str, Any]:
    """What `basins.json` answers."""
    place = {"page": "/logs", "logs": "/other/logs.json"}
    return {"basins": [{"id": "other", "name": BASIN} | place]}


def log_answer(
    given: dict[str, list[str]], logs: list[tuple[str, str, list[str]]] = LOGS
) -> dict[str, Any]:
    """What `logs.json` answers."""
    if "name" not in given:
        return {"logs": [_log_entry(*log) for log in logs], "notes": [f"Cut off: {PAYLOAD}"]}
    name = given["name"][0]
    lines = next(lines for known, _, lines in logs if known == name)
    if "search" in given:
        wanted = given["search"][0].lower()
        found = [(at, line) for at, line in enumerate(lines, 1) if wanted in line.lower()]
        matches = [{"line": at, "text": line} for at, line in found[:1000]]
        return {"name": name, "total": len(lines), "matches": matches}
    return {"name": name, "total": len(lines)} | _piece(given, "lines", lines)


def table_answer(given: dict[str, list[str]]) -> dict[str, Any]:
    """What `tables.json` answers."""
    if "name" not in given:
        return {"tables": [{"name": n, "columns": c, "rows": len(r)} for n, c, r in TABLES]}
    name, columns, rows = next(table for table in TABLES if table[0] == given["name"][0])
    facts = {"name": name, "columns": columns, "total": len(rows)}
    return facts | _piece(given, "rows", rows)


def _log_entry(name: str, origin: str, lines: list[str]) -> dict[str, Any]:
    characters = sum(map(len, lines))
    return {"name": name, "origin": origin, "lines": len(lines), "characters": characters}


def _piece(given: dict[str, list[str]], what: str, values: list[Any]) -> dict[str, Any]:
    start, count = int(given["start"][0]), int(given["count"][0])
    return {"start": start, what: values[start : start + count]}
