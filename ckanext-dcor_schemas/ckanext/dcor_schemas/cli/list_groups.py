"""The commands ``ckan list-circles`` and ``ckan list-collections``."""

from __future__ import annotations

import json

import click

from ckanext.dcor_schemas.cli import options
from ckanext.dcor_schemas.maintenance import groups


@click.command("list-circles")
@options.as_json
def list_circles(*, as_json: bool) -> None:
    """List all circles: id, name and title, one per line, separated by tabs."""
    _show(groups.circles(), as_json=as_json)


@click.command("list-collections")
@options.as_json
def list_collections(*, as_json: bool) -> None:
    """List all collections: id, name and title, one per line, separated by tabs."""
    _show(groups.collections(), as_json=as_json)


def _show(found: list[groups.Group], *, as_json: bool) -> None:
    if as_json:
        listed = [{"id": one.id, "name": one.name, "title": one.title} for one in found]
        click.echo(json.dumps(listed, indent=2))
        return
    for one in found:
        click.echo(f"{one.id}\t{one.name}\t({one.title})")
