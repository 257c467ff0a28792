"""Commands, run in the process of the test."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from ckan import model

from ckanext.dcor_schemas.cli import commands

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


@pytest.fixture
def command(app) -> Callable[..., Result]:
    """Runs a command: ``command("list-circles", "--json")``, its result."""

    @click.group()
    @click.pass_context
    def ckan(context: click.Context) -> None:
        context.meta["flask_app"] = app.flask_app

    for one in commands():
        ckan.add_command(one)

    def run(*arguments: str, status: int = 0, answer: str | None = None) -> Result:
        result = CliRunner().invoke(ckan, list(arguments), input=answer)
        assert result.exit_code == status, (result.output, result.exception)
        return result

    return run


@pytest.fixture
def command_json(command) -> Callable[..., Any]:
    """Runs a command with ``--json``; what it writes."""

    def run(*arguments: str, **kwargs: Any) -> Any:
        return json.loads(command(*arguments, "--json", **kwargs).stdout)

    return run


@pytest.fixture
def age(tx) -> Callable[..., None]:
    """Makes a dataset look as if it had been modified some days ago."""

    def make_old(dataset_id: str, days: float) -> None:
        package = model.Package.get(dataset_id)
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        package.metadata_modified = now - dt.timedelta(days=days)
        model.Session.commit()

    return make_old
