"""``dcor-prune-orphaned-s3-artifacts`` removes what belongs to nobody, and nothing else."""

from __future__ import annotations

import json
import time
import uuid
from pathlib import Path

import pytest

from ckan import model

from dcor_shared.objects import buckets
from dcor_shared.objects.errors import StoreUnavailableError
from dcor_shared.objects.names import ObjectName, object_key
from dcor_shared.objects.store import delete, head

from ckanext.dcor_schemas.maintenance import removal
from ckanext.dcor_schemas.maintenance.orphans import resource_of

NAME = "dcor-prune-orphaned-s3-artifacts"
ALL = ("--older-than-days", "-1", "--yes")


@pytest.fixture
def manifest(tmp_path):
    return ("--manifest", str(tmp_path / "deep" / "manifest.jsonl"))


@pytest.fixture
def put(store, circle):
    """Puts an object into the bucket of the circle; its name."""

    def put(key: str, bucket: str | None = None) -> ObjectName:
        name = ObjectName(bucket or buckets.ensure_bucket(store, circle["id"]), key)
        store.client.put_object(Bucket=name.bucket, Key=name.key, Body=b"lost")
        return name

    return put


@pytest.fixture
def orphan(put):
    return put(object_key("condensed", str(uuid.uuid4())))


@pytest.mark.parametrize("prefix", ["resource", "condensed", "preview", "view", "upload"])
def test_keys_name_their_resource(prefix):
    resource_id = str(uuid.uuid4())
    key = object_key(prefix, resource_id)
    assert resource_of(key) == resource_id
    assert resource_of(f"{key}.claim") == resource_id


@pytest.mark.parametrize(
    "key", ["", "resource", "resource/abc", "backup/2020.tar", "other/" + "a" * 36]
)
def test_other_keys_name_none(key):
    assert resource_of(key) is None


def test_objects_of_datasets_survive(
    command, manifest, new_draft, upload, register, store, object_of, call, person
):
    kept, deleted = new_draft(), new_draft()
    ids = [register(dataset, upload())["id"] for dataset in (kept, deleted)]
    call("package_delete", person, id=deleted["id"])
    command(NAME, *ALL, *manifest)
    assert all(head(store, object_of(resource_id)) for resource_id in ids)


def test_orphans_survive_their_first_days_and_dry_runs(command, orphan, store):
    assert orphan.key not in command(NAME, "--older-than-days", "1", "--yes").output
    output = command(NAME, "--older-than-days", "-1", "--dry-run").output
    assert f"Found object {orphan.bucket}:{orphan.key}\n" in output
    assert head(store, orphan)


def test_orphans_are_removed_and_the_manifest_says_so(command, orphan, store, manifest):
    output = command(NAME, *ALL, *manifest).output
    assert f"Found object {orphan.bucket}:{orphan.key}\n" in output
    assert "Found objects: 1; removed: 1\n" in output
    assert output.endswith("Done!\n")
    assert head(store, orphan) is None
    planned, removed = map(json.loads, Path(manifest[1]).read_text().splitlines())
    assert (planned["bucket"], planned["key"]) == (orphan.bucket, orphan.key)
    assert removed == {"removed": orphan.key, "bucket": orphan.bucket}


@pytest.mark.parametrize(("answer", "removed"), [("y\n", True), ("n\n", False), ("", False)])
def test_it_asks_before_it_removes_anything(command, orphan, store, manifest, answer, removed):
    status = 0 if removed else 1
    command(NAME, "--older-than-days", "-1", *manifest, answer=answer, status=status)
    assert (head(store, orphan) is None) is removed


def test_without_a_manifest_nothing_is_removed(command, orphan, store, tmp_path):
    (tmp_path / "file").write_text("")
    bad = str(tmp_path / "file" / "manifest")
    assert "nothing was removed" in command(NAME, *ALL, "--manifest", bad, status=1).output
    assert head(store, orphan)


def test_foreign_objects_are_left_alone(command, put, store, manifest):
    foreign = put("backup/of/the/institute.tar")
    command(NAME, *ALL, *manifest)
    assert head(store, foreign)


def test_uploads_under_way_are_left_alone(command, upload, store, object_of, manifest):
    staged = object_of(upload(), "upload")
    command(NAME, *ALL, *manifest)
    assert head(store, staged)


def test_buckets_of_deleted_circles_are_never_touched(
    command, orphan, store, manifest, call, admin, circle
):
    call("organization_delete", admin, id=circle["id"])
    command(NAME, *ALL, *manifest)
    assert head(store, orphan)


def test_buckets_of_nobody_are_removed(command, store, put, manifest):
    bucket = buckets.ensure_bucket(store, str(uuid.uuid4()))
    put("anything", bucket)
    output = command(NAME, *ALL, *manifest, "--keep-orphan-buckets").output
    assert bucket not in output
    output = command(NAME, "--yes", *manifest).output
    assert f"Found bucket {bucket}\n" in output
    assert buckets.bucket_exists(store, bucket)  # what is in it is too young
    output = command(NAME, *ALL, *manifest).output
    assert f"Found object {bucket}:anything\n" in output
    assert not buckets.bucket_exists(store, bucket)


def test_one_failure_does_not_spare_the_others(command_json, put, store, manifest, monkeypatch):
    bad, good = (put(object_key("condensed", str(uuid.uuid4()))) for _number in range(2))

    def failing(own_store, name):
        if name == bad:
            raise StoreUnavailableError("The store has a problem")
        delete(own_store, name)

    monkeypatch.setattr(removal, "delete", failing)
    found = command_json(NAME, *ALL, *manifest, status=1)
    assert found["failures"] == ["The store has a problem"]
    assert found["removed_objects"] == 1
    assert head(store, bad)
    assert head(store, good) is None
    lines = [json.loads(line) for line in Path(manifest[1]).read_text().splitlines()]
    assert [line["removed"] for line in lines if "removed" in line] == [good.key]


def test_programs_get_json(command_json, orphan, manifest):
    found = command_json(NAME, *ALL, *manifest)
    assert found["removed_objects"] == 1
    assert found["objects"][0]["key"] == orphan.key


def test_many_resources_take_linear_time(put, circle, draft, command, manifest):
    """10 000 resources are compared in a few seconds; a list would take minutes."""
    rows = [
        {"id": str(uuid.uuid4()), "package_id": draft["id"], "position": number, "state": "active"}
        for number in range(10_000)
    ]
    table = model.Resource.__table__
    model.Session.execute(table.insert(), [row | {"url": "", "extras": {}} for row in rows])
    model.Session.commit()
    put(object_key("resource", rows[5000]["id"]))
    began = time.monotonic()
    assert "Found objects: 0" in command(NAME, *ALL, *manifest).output
    assert time.monotonic() - began < 20
