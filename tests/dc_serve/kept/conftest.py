"""A reader and a measurement as the stamps see them: in the transaction of the test."""

from __future__ import annotations

import psycopg2
import pytest

from ckan import model
from ckan.lib import api_token

from ckanext.dc_serve.kept import stamps


@pytest.fixture
def stamp(tx, monkeypatch):
    """Stamps, taken on the connection of the test: nothing of it is ever committed."""
    link = model.Session.connection().connection.driver_connection

    class Borrowed:
        def cursor(self):
            return link.cursor()

    with link.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
        for statement in (stamps._ANONYMOUS, stamps._IDENTIFIED):
            cursor.execute(statement)
    monkeypatch.setattr(stamps, "_connection", Borrowed)

    def take(made, headers=None):
        model.Session.flush()
        token = headers and api_token.decode(headers["Authorization"])["jti"]
        return stamps.stamp(made.id, token)

    yield take
    with link.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


@pytest.fixture
def broken(monkeypatch):
    """A database that cannot be reached."""

    def fail():
        raise psycopg2.OperationalError("the server is gone")

    monkeypatch.setattr(stamps, "_connection", fail)
