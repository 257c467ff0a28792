"""The cast of the rules' tests, with somebody whose token was revoked and a plain creator."""

import uuid

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.plugins import toolkit as tk

from tests.dcor_schemas.auth.conftest import Cast, new_dataset, status
from tests.dcor_schemas.matrix.situations import UPLOADER

from ckanext.dcor_schemas.model import UploadRow
from ckanext.dcor_schemas.uploads import ledger

__all__ = ["cast", "new_dataset", "status"]


def _upload(cast, *, registered):
    """An upload by the circle editor whose file was found; its id."""
    resource_id = str(uuid.uuid4())
    ledger.note_allowed(resource_id, cast[UPLOADER].id, cast.circle["id"], 5)
    ledger.note_found(resource_id, size=5, etag="0" * 32, settled=True)
    if registered:
        table = UploadRow.__table__
        done = sa.update(table).where(table.c.resource_id == resource_id)
        model.Session.execute(done.values(registered=sa.func.now()))
    return resource_id


@pytest.fixture
def cast(new_person):
    cast = Cast(new_person)
    person = cast["revoked token"]
    tk.get_action("api_token_revoke")(
        {"ignore_auth": True, "user": person.name}, {"token": person.token}
    )
    cast.uploads = {done: _upload(cast, registered=done) for done in (False, True)}
    model.Session.commit()
    return cast
