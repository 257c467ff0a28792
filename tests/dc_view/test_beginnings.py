"""What the page of logs and tables shows without script."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.dc_view import beginnings, logs_and_tables, subject


@pytest.fixture
def about(make_measurement, app):
    """Makes measurements; what is known of them during a request."""

    def make(**original):
        made = make_measurement(original=original)
        with app.flask_app.test_request_context():
            return subject.require(UUID(made.package_id), UUID(made.id))

    return make


@pytest.fixture
def fetched():
    """How many rows are fetched at once by each statement that says so."""
    seen = []

    def note(_connection, _cursor, _statement, _parameters, context, _many):
        if "yield_per" in context.execution_options:
            seen.append(context.execution_options["yield_per"])

    engine = model.meta.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def test_many_short_ones_are_fetched_at_once(about, fetched):
    made = about()
    beginnings.of_logs(made, logs_and_tables.logs(made))
    beginnings.of_tables(made, logs_and_tables.tables(made))
    assert fetched == [100, 10]


def test_all_lines_are_there(about):
    made = about(logs={"a": [str(line) for line in range(150)], "b": ["x"]})
    found = beginnings.of_logs(made, logs_and_tables.logs(made))
    assert found == {"a": [str(line) for line in range(150)], "b": ["x"]}


def test_empty_lines_and_rows_count(about, monkeypatch):
    monkeypatch.setattr(beginnings.Budget.__init__, "__defaults__", (50,))
    made = about(logs={"a": [""] * 150}, tables={"t": [[], [[]] * 60]})
    assert len(beginnings.of_logs(made, logs_and_tables.logs(made))["a"]) == 50
    assert len(beginnings.of_tables(made, logs_and_tables.tables(made))["t"]) == 50
