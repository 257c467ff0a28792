"""The command ``ckan list-group-resources``."""

from __future__ import annotations

import json

import click

from ckanext.dcor_schemas.cli import options
from ckanext.dcor_schemas.cli.output import Output
from ckanext.dcor_schemas.maintenance import groups


@click.command("list-group-resources")
@click.argument("group")
@options.as_json
def list_group_resources(group: str, *, as_json: bool) -> None:
    """List the ids of all resources in a circle or collection, one per line.

    GROUP is the id or the name of a circle or collection. Resources of active, draft and deleted
    datasets are listed; those of purged datasets do not exist any more.
    """
    found = groups.find(group)
    if found is None:
        Output().fail(f"There is no circle or collection '{group}'")
    resource_ids = groups.resource_ids(found.id)
    if as_json:
        click.echo(json.dumps(resource_ids, indent=2))
        return
    for resource_id in resource_ids:
        click.echo(resource_id)
