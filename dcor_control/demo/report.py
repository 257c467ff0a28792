"""What the demonstration leaves behind: a summary for people and a file for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.table import Table

from dcor_control.local import instance as local_instance
from dcor_control.local.files import write_atomically

if TYPE_CHECKING:
    from rich.console import Console

    from dcor_control.demo.readback import Check
    from dcor_control.demo.upload import Uploaded
    from dcor_control.local.instance import Instance

_COLUMN = 26


def write_demo_file(instance: Instance, uploaded: Uploaded) -> None:
    """Write ``demo.json``: addresses, users with tokens, and the ids of what was made."""
    tokens = local_instance.tokens(instance.layout)
    users = [
        {"name": name, "token": tokens[name], "sysadmin": name == local_instance.ADMIN}
        for name in (local_instance.ADMIN, local_instance.RESEARCHER)
    ]
    found = {"url": instance.url, "s3_endpoint": instance.s3_endpoint, "users": users}
    write_atomically(instance.layout.demo_file, json.dumps(found | asdict(uploaded), indent=2))


def checks_table(title: str, checks: list[Check]) -> Table:
    """The comparisons as a table."""
    table = Table(title=title, title_justify="left", box=None, padding=(0, 2), show_header=False)
    for check in checks:
        mark = "[green]✓[/green]" if check.good else "[red]✗[/red]"
        table.add_row(mark, check.what, check.detail)
    return table


def print_summary(console: Console, instance: Instance, uploaded: Uploaded) -> None:
    """Print addresses, users and how to go on."""
    page = f"{instance.url}/dataset/{uploaded.dataset_name}/resource/{uploaded.resource}"
    secrets = instance.services.secrets
    rows = {
        "The measurement's page": page,
        "The site": instance.url,
        f"User '{local_instance.ADMIN}'": f"password {secrets.sysadmin_password}",
        f"User '{local_instance.RESEARCHER}'": f"password {secrets.user_password}",
        "For programs": f"{instance.layout.demo_file} (addresses, tokens, ids)",
        "To stop": "make stop (the data stay; `make demo` starts it again)",
        "To remove everything": "make clean-instance",
    }
    console.print()
    for what, answer in rows.items():
        # Never wrapped: addresses and passwords are there to be copied.
        console.print(f"{what:<{_COLUMN}}{answer}", soft_wrap=True, markup=False)
