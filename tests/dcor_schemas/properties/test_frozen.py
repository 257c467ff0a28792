"""No sequence of requests changes a frozen field of a dataset that is not a draft."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.dcor_schemas.auth.conftest import as_script
from tests.dcor_schemas.properties.changes import attempts

from ckanext.dcor_schemas import licences

_LOOSENED = {"license_id", "license_title", "license_url", "isopen", "private"}
#: What follows from the loosened fields.
_FOLLOWING = {"metadata_modified"}
_ANSWERS = {200, 400, 403, 404, 409}
_EDITORS = ("circle editor", "circle admin", "collaborator (editor)")
#: The server alone says these, in drafts as well.
_SERVERS = ("id", "name", "etag", "sha256", "size", "url", "mimetype", "s3_available")

_examples = settings(
    max_examples=60,
    deadline=None,
    # Every request goes through the whole application: making examples smaller takes minutes.
    phases=[phase for phase in Phase if phase is not Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _frozen(dataset):
    return {key: value for key, value in dataset.items() if key not in _LOOSENED | _FOLLOWING}


@pytest.fixture
def try_all(cast, status, undone):
    """Tries a sequence of requests; the dataset after each of them."""
    for role in _EDITORS:
        cast[role]

    def sequence(dataset, tried):
        with undone():
            for attempt in tried:
                action, data = attempt.request(as_script("package_show", id=dataset["id"]))
                code, message = status(action, cast[attempt.role], **data)
                assert code in _ANSWERS, (action, data, code, message)
                yield attempt, as_script("package_show", id=dataset["id"])

    return sequence


@pytest.fixture
def active(try_all, new_dataset):
    return new_dataset("active", resources=2)


@pytest.fixture
def deleted(try_all, new_dataset):
    return new_dataset("deleted", resources=2)


@_examples
@given(tried=attempts(*_EDITORS))
def test_an_active_dataset_only_becomes_more_open(active, try_all, tried):
    before = active
    for attempt, after in try_all(active, tried):
        assert _frozen(after) == _frozen(active), attempt
        assert after["license_id"] in licences.allowed_targets(before["license_id"]), attempt
        assert before["private"] or not after["private"], attempt
        before = after


@settings(_examples, max_examples=20)
@given(tried=attempts("circle editor", "circle admin"))
def test_a_deleted_dataset_stays_what_it_was(deleted, try_all, tried):
    for attempt, after in try_all(deleted, [one for one in tried if one.way != "purge"]):
        assert _frozen(after) == _frozen(deleted), attempt


@settings(_examples, max_examples=30)
@given(tried=attempts(*_EDITORS))
def test_what_the_server_knows_of_a_file_stays_in_drafts_as_well(new_dataset, try_all, tried):
    draft = new_dataset("draft", resources=2)
    known = {one["id"]: one for one in draft["resources"]}
    kept = [one for one in tried if one.way not in {"delete", "purge"}]
    for attempt, after in try_all(draft, kept):
        assert after["name"] == draft["name"], attempt
        assert after["creator_user_id"] == draft["creator_user_id"], attempt
        for resource in after["resources"]:
            for key in _SERVERS if resource["id"] in known else ():
                assert resource.get(key) == known[resource["id"]].get(key), (attempt, key)
