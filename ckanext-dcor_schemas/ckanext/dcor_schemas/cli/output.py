"""What a command says: lines for people, or one JSON document for programs."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILURE = 1


@dataclass(frozen=True)
class Output:
    """Where a command writes to.

    Attributes
    ----------
    as_json
        Whether the standard output is for a JSON document alone.
    """

    as_json: bool = False

    def say(self, text: str) -> None:
        """Write a line for people."""
        click.echo(text, err=self.as_json)

    def complain(self, text: str) -> None:
        """Write a line about something that went wrong."""
        click.secho(text, err=True, fg="red")

    def fail(self, text: str) -> NoReturn:
        """Say what went wrong and end the command."""
        self.complain(text)
        sys.exit(FAILURE)

    def confirm(self, question: str, *, assume_yes: bool, always: bool = False) -> None:
        """Ask before something is destroyed, and end the command unless the answer is yes.

        Parameters
        ----------
        assume_yes
            Do not ask.
        always
            Ask also when nobody sits in front of a terminal; an input that has ended means no.
        """
        if assume_yes or not (always or sys.stdin.isatty()):
            return
        if not click.confirm(question, err=self.as_json):
            self.fail("Nothing was changed.")

    def finish(self, document: dict[str, Any], failures: Sequence[str] = ()) -> None:
        """Write the JSON document, if that is wanted, and end with an error if anything failed."""
        for failure in failures:
            self.complain(failure)
        if self.as_json:
            whole = {**document, "failures": list(failures)}
            click.echo(json.dumps(whole, indent=2, default=str))
        if failures:
            sys.exit(FAILURE)
        self.say("Done!")
