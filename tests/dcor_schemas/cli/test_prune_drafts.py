"""``dcor-prune-draft-datasets`` removes what nobody touches any more, and nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.dcor_schemas.maintenance import drafts
from ckanext.dcor_schemas.model import UploadRow
from ckanext.dcor_schemas.uploads import ledger

NAME = "dcor-prune-draft-datasets"


def _exists(dataset) -> bool:
    return model.Package.get(dataset["id"]) is not None


def test_a_fresh_draft_survives(command, draft):
    output = command(NAME, "--older-than-days", "1").output
    assert draft["name"] not in output
    assert output.endswith("Done!\n")
    assert _exists(draft)


def test_a_dry_run_changes_nothing(command, draft):
    output = command(NAME, "--older-than-days", "-1", "--dry-run").output
    assert f"Found dataset {draft['name']}\n" in output
    assert _exists(draft)


def test_all_drafts_are_removed_with_minus_one(command, draft, new_draft, call, person):
    deleted = new_draft()
    call("package_delete", person, id=deleted["id"])
    output = command(NAME, "--older-than-days", "-1").output
    assert f"Found dataset {draft['name']}\n" in output
    assert "Found drafts: 1; removed: 1\n" in output
    assert "Ignored datasets: 1\n" in output
    assert output.endswith("Done!\n")
    assert not _exists(draft)
    assert _exists(deleted)


@pytest.mark.parametrize(("days", "survives"), [(20.9, True), (21.1, False)])
def test_the_limit_is_21_days_since_the_last_modification_in_utc(
    command, draft, age, monkeypatch, days, survives
):
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    age(draft["id"], days)
    command(NAME)
    assert _exists(draft) is survives


def test_the_objects_of_a_draft_go_with_it(command, draft, upload, register, store, object_of):
    from dcor_shared.objects.store import head

    resource_id = register(draft, upload())["id"]
    assert head(store, object_of(resource_id))
    command(NAME, "--older-than-days", "-1")
    assert head(store, object_of(resource_id)) is None


def test_one_failure_does_not_spare_the_others(command, new_draft, monkeypatch):
    bad, good = new_draft(), new_draft()
    remove = drafts.remove

    def failing(draft):
        if draft.id == bad["id"]:
            raise RuntimeError("no")
        remove(draft)

    monkeypatch.setattr(drafts, "remove", failing)
    result = command(NAME, "--older-than-days", "-1", status=1)
    assert f"{bad['name']} was not removed: RuntimeError: no" in result.output
    assert "Done!" not in result.output
    assert (_exists(bad), _exists(good)) == (True, False)


@pytest.mark.parametrize(
    ("days", "limit", "kept"), [(20, 21, True), (22, 21, False), (6, -1, True), (8, -1, False)]
)
def test_the_books_of_old_uploads_are_forgotten(command, upload, days, limit, kept):
    resource_id = upload()
    table = UploadRow.__table__
    old = sa.func.now() - sa.text(f"interval '{days} days'")
    model.Session.execute(
        sa.update(table).where(table.c.resource_id == resource_id).values(created=old)
    )
    said = command(NAME, "--older-than-days", str(limit), "--dry-run").output
    assert f"Found old uploads: {int(not kept)}\n" in said
    assert ledger.find_upload(resource_id)
    command(NAME, "--older-than-days", str(limit))
    assert (ledger.find_upload(resource_id) is not None) is kept


def test_programs_get_json(command_json, draft):
    found = command_json(NAME, "--older-than-days", "-1")
    assert found["removed"] == [draft["id"]]
    assert found["found"][0]["name"] == draft["name"]
    assert found["failures"] == []
