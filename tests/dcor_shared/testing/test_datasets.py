"""The helpers make what clients make."""

from __future__ import annotations

import hashlib

import pytest

from ckan.plugins import toolkit as tk

from dcor_shared.testing.datasets import (
    activate_dataset,
    make_dataset_via_s3,
    make_resource_via_s3,
    upload_presigned_to_s3,
)
from dcor_shared.testing.measurements import write_measurement


@pytest.fixture
def path(tmp_path):
    return write_measurement(tmp_path / "small.rtdc", events=10)


def test_a_dataset_is_a_draft_in_a_circle(tx):
    dataset = make_dataset_via_s3(title="peter")
    assert dataset["state"] == "draft"
    assert dataset["title"] == "peter"
    assert dataset["organization"]["id"] == dataset["owner_org"]


def test_a_file_comes_with_its_dataset(tx, path):
    dataset, resource = make_dataset_via_s3(resource_path=path, activate=True, private=True)
    assert dataset["state"] == "active"
    assert resource["etag"] == hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def test_an_ordinary_user_activates_a_dataset_by_its_rules(tx, person, new_circle, path):
    context = {"user": person.name}
    circle = new_circle(person.name)
    dataset = make_dataset_via_s3(context, owner_org=circle)
    resource_id = make_resource_via_s3(
        path, circle["id"], dataset["id"], resource_name="other.rtdc", create_context=context
    )
    assert activate_dataset(dataset["id"], context)["state"] == "active"
    shown = tk.get_action("resource_show")({"user": person.name}, {"id": resource_id})
    assert shown["name"] == "other.rtdc"


def test_a_refused_upload_is_an_error(store, path):
    url = f"{store.settings.endpoint_url}/no-such-bucket/key"
    with pytest.raises(ValueError, match="Upload failed with 40"):
        upload_presigned_to_s3(path, [url], None)
