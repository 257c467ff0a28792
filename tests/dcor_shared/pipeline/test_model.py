"""The migration makes the tables that the code describes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan import model

from dcor_shared.pipeline.model import OutboxRow, RecordRow, StepRow


@pytest.mark.parametrize("row", [StepRow, RecordRow, OutboxRow], ids=lambda row: row.__tablename__)
def test_the_tables_of_the_database_are_those_of_the_model(ckan, row):
    described = row.__table__
    found = sa.inspect(model.meta.engine)
    columns = {column["name"]: column["nullable"] for column in found.get_columns(described.name)}
    indexes = {index["name"] for index in found.get_indexes(described.name)}
    assert columns == {column.name: column.nullable for column in described.columns}
    assert {index.name for index in described.indexes} == indexes
