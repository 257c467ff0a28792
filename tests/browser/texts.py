"""Metadata, logs and tables of the made-up measurement, some of them hostile."""

from __future__ import annotations

import math

PAYLOAD = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"\'>'

METADATA = {
    "sections": [
        {
            "section": "experiment",
            "title": "Experiment",
            "rows": [
                {
                    "key": key,
                    "label": label,
                    "value": value,
                    "text": text,
                    "unit": unit,
                    "href": None,
                }
                for key, label, value, text, unit in [
                    ("event count", "Number of recorded events", 1200, "1200", ""),
                    ("sample", "Sample name", PAYLOAD, PAYLOAD, ""),
                    ("flow rate", "Flow rate in channel", 0.06, "0.06 µL/s", "µL/s"),
                    ("chip region", "Imaged chip region", "channel", "channel", ""),
                ]
            ],
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

TABLES = [
    (
        "cytoshot_monitor",
        ["time", "brightness", "focus"],
        [
            [step, 100 + 10 * math.sin(step / 20), None if step % 50 == 7 else step % 17]
            for step in range(400)
        ],
    ),
    (PAYLOAD, [PAYLOAD, "b"], [[PAYLOAD, 1], ["x", 2]]),
]
