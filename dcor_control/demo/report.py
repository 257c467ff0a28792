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
    table = Table(box=None, padding=(0, 2), show_header=False)
    table.add_row("The measurement's page", page)
    table.add_row("The site", instance.url)
    for name, password in (
        (local_instance.ADMIN, secrets.sysadmin_password),
        (local_instance.RESEARCHER, secrets.user_password),
    ):
        table.add_row(f"User '{name}'", f"password {password}")
    table.add_row("For programs", f"{instance.layout.demo_file} (addresses, tokens, ids)")
    table.add_row("To stop", "make stop (the data stay; `make demo` starts it again)")
    table.add_row("To remove everything", "make clean-instance")
    console.print()
    console.print(table, soft_wrap=True)
