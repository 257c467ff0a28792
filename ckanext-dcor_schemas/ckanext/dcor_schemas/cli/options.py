"""Options that several commands have in common."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Age(click.FloatRange):
    """An age: finite, and not beyond what a calendar can count; -1 stands for "all"."""

    name = "age"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number, or a usage error."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value} is no number", param, ctx)
        return number


#: Limit of age in days, weeks or months.
AGE = _Age(min=-1, max=20_000)

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
