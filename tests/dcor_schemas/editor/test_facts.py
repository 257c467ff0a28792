"""What the editor's script is told is what the rules say."""

from __future__ import annotations

import pytest

from ckanext.dcor_schemas import licences
from ckanext.dcor_schemas.editor import facts


@pytest.fixture
def choices(session_app, tx):
    """Licences that may follow a licence."""
    with session_app.flask_app.test_request_context("/"):
        return facts.license_choices()


def test_a_new_dataset_may_have_every_licence_but_none(choices):
    assert choices[""] == ["CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-SA-4.0", "CC0-1.0"]


def test_a_draft_may_have_what_the_rules_permit(choices):
    for current in choices[""]:
        permitted = licences.allowed_targets(current) - {licences.NO_LICENSE}
        assert set(choices[current]) == permitted
