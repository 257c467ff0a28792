"""Fills CKAN's database: ``python -m dcor_control.local.populate INI < people.json``.

A process of its own, because CKAN can be loaded only once per process and because it has to run as
the account of the services. It applies the migrations, makes the users that are missing and prints
a token for each of those who shall get one.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import click

from dcor_control.errors import ControlError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dcor_control.local.account import Account

_TOKEN_NAME = "dcor"  # noqa: S105 - the name of a token, not a token


class PopulateError(ControlError):
    """CKAN could not set up its database; the message holds what it said."""


@dataclass(frozen=True)
class Person:
    """A user that the instance shall have."""

    name: str
    password: str = field(repr=False)
    sysadmin: bool = False
    wants_token: bool = True


def populate(
    ini: Path,
    people: Sequence[Person] = (),
    *,
    account: Account | None = None,
    env: dict[str, str] | None = None,
) -> dict[str, str]:
    """Migrate the database, make users, and return the new tokens by user name.

    Parameters
    ----------
    ini
        CKAN's configuration.
    people
        Users to make unless they exist.
    account
        Who to run as; None is the present user.
    env
        Further variables for the process.

    Raises
    ------
    PopulateError
        If CKAN refuses.
    """
    done = subprocess.run(
        [sys.executable, "-m", "dcor_control.local.populate", str(ini)],
        check=False,
        input=json.dumps([asdict(person) for person in people]),
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | (env or {}),
        **(account.identity() if account else {}),
    )
    if done.returncode != 0:
        raise PopulateError(f"CKAN could not set up its database:\n{done.stderr[-6000:]}")
    tokens: dict[str, str] = json.loads(done.stdout)
    return tokens


def main(ini: str) -> None:
    """Do the work; what CKAN prints goes to stderr, so that stdout holds only the answer."""
    people = [Person(**given) for given in json.load(sys.stdin)]
    with contextlib.redirect_stdout(sys.stderr):
        flask_app = _load_and_migrate(ini)
        with flask_app.test_request_context():
            tokens = {person.name: token for person in people if (token := _ensure_person(person))}
    print(json.dumps(tokens))  # noqa: T201 - the answer to the calling process


def _load_and_migrate(ini: str) -> Any:
    from ckan.cli import load_config
    from ckan.cli.db import upgrade
    from ckan.config.middleware import make_app

    app = make_app(load_config(ini))
    click.Context(upgrade).invoke(
        upgrade, version="head", plugin=None, skip_core=False, skip_plugins=False
    )
    return app._wsgi_app  # noqa: SLF001 - CKAN's own commands reach it in the same way


def _ensure_person(person: Person) -> str | None:
    from ckan import model
    from ckan.plugins import toolkit as tk

    if model.User.get(person.name) is None:
        given = {
            "name": person.name,
            "email": f"{person.name}@localhost.example",
            "password": person.password,
            "sysadmin": person.sysadmin,
        }
        tk.get_action("user_create")({"ignore_auth": True, "user": ""}, given)
    if not person.wants_token:
        return None
    context = {"ignore_auth": True, "user": person.name}
    made = tk.get_action("api_token_create")(context, {"user": person.name, "name": _TOKEN_NAME})
    return str(made["token"])


if __name__ == "__main__":
    main(sys.argv[1])
