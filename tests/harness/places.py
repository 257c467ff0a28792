"""Where the harness keeps what it starts and what it knows."""

from __future__ import annotations

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT = CHECKOUT / "var" / "test"
#: Addresses and credentials of the running services (0600).
SERVICES_FILE = ROOT / "services.json"
#: A configuration for pytest by hand, and for CKAN's own commands.
INI_FILE = ROOT / "test.ini"
RUNS = ROOT / "runs"
#: Names the file that describes the present run to the test process.
RUN_VARIABLE = "DCOR_TEST_RUN"
KEEP_VARIABLE = "DCOR_KEEP_SERVICES"
#: Present while the services were asked for with `up` and shall outlive test runs.
KEPT_FILE = ROOT / "kept"
