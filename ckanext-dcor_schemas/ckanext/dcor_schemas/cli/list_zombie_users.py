"""The command ``ckan list-zombie-users``."""

from __future__ import annotations

import json

import click

from ckanext.dcor_schemas.cli import options
from ckanext.dcor_schemas.maintenance import users


@click.command("list-zombie-users")
@click.option(
    "--last-activity-weeks",
    type=options.AGE,
    default=12,
    show_default=True,
    help="Only users who were not active for this number of weeks.",
)
@options.as_json
def list_zombie_users(*, last_activity_weeks: float, as_json: bool) -> None:
    """List the names of users who have never done anything here, one per line.

    These are users without any dataset (drafts and private ones count) who were not active lately,
    or never. Sysadmins and deleted users are not listed.
    """
    names = users.zombies(last_activity_weeks)
    if as_json:
        click.echo(json.dumps(names, indent=2))
        return
    for name in names:
        click.echo(name)
