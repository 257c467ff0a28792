"""The migrations make the tables that the models describe."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan import model

from dcor_shared.pipeline.model import OutboxRow, RecordRow, StepRow

from ckanext.dcor_schemas.model import MailRow, UploadRow


@pytest.mark.parametrize("row", [StepRow, RecordRow, OutboxRow, UploadRow, MailRow])
def test_columns_and_indexes_are_those_of_the_model(row, tx):
    table = row.__table__
    found = sa.inspect(model.Session.connection())
    dialect = model.meta.engine.dialect
    columns = {column["name"]: column for column in found.get_columns(table.name)}
    assert set(columns) == set(table.columns.keys())
    for column in table.columns:
        assert columns[column.name]["nullable"] == column.nullable, column.name
        kinds = [kind.compile(dialect) for kind in (columns[column.name]["type"], column.type)]
        assert kinds[0] == kinds[1], column.name
    indexes = {index["name"] for index in found.get_indexes(table.name)}
    assert indexes == {index.name for index in table.indexes}
    keys = {key["constrained_columns"][0] for key in found.get_foreign_keys(table.name)}
    assert keys == {key.parent.name for key in table.foreign_keys}
