"""The cast of the rules' tests, for pages."""

from tests.dcor_schemas.auth.conftest import cast, new_dataset, status

__all__ = ["cast", "new_dataset", "status"]
