"""The cast of the rules' tests, for pages."""

from tests.dcor_schemas.auth.conftest import cast, count_statements, new_dataset, status

__all__ = ["cast", "count_statements", "new_dataset", "status"]
