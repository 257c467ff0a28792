"""The cast of the rules' tests, with somebody whose token was revoked and a plain creator."""

import pytest

from ckan import model
from ckan.plugins import toolkit as tk

from tests.dcor_schemas.auth.conftest import Cast, new_dataset, status

__all__ = ["cast", "new_dataset", "status"]


@pytest.fixture
def cast(new_person):
    cast = Cast(new_person)
    person = cast["revoked token"]
    tk.get_action("api_token_revoke")(
        {"ignore_auth": True, "user": person.name}, {"token": person.token}
    )
    model.Session.commit()
    return cast
