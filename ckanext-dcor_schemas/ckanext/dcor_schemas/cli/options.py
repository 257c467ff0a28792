"""Options that several commands have in common."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done and change nothing.")
yes = click.option("--yes", "-y", "assume_yes", is_flag=True, help="Do not ask for confirmation.")
as_json = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Write one JSON document to the standard output; everything else goes to standard error.",
)


@contextmanager
def request_context(context: click.Context) -> Iterator[None]:
    """What CKAN's actions expect around them: translations and URLs need a request."""
    app = context.meta.get("flask_app")
    if app is None:
        yield
        return
    with app.test_request_context():
        yield
