"""What may be said about resources."""

import uuid

import pytest

from tests.dcor_schemas.auth.conftest import as_script, new_resource


@pytest.fixture
def draft(new_dataset):
    return new_dataset("draft", resources=2)


@pytest.fixture
def editor(cast):
    return cast["circle editor"]


@pytest.fixture
def uploaded(cast, editor):
    """Makes ids of files that lie in the circle, as the books of uploads say."""
    from ckanext.dcor_schemas.uploads import ledger

    def make(circle_id=None):
        rid = str(uuid.uuid4())
        ledger.note_allowed(rid, editor.id, circle_id or cast.circle["id"], 5)
        ledger.note_found(rid, size=5, etag="0" * 32, settled=True)
        return rid

    return make


def test_description_and_supplements_are_free(draft, editor, status):
    rid = draft["resources"][1]["id"]
    changes = {"description": "new", "sp:chip:channel width": 21.0, "sp:cells:live": "yes"}
    assert status("resource_patch", editor, id=rid, **changes)[0] == 200
    after = as_script("resource_show", id=rid)
    assert after["sp:chip:channel width"] == 21.0
    assert after["sp:cells:live"] is True
    assert after["description"] == "new"


def test_an_empty_supplement_vanishes(draft, editor, status):
    rid = draft["resources"][0]["id"]
    assert status("resource_patch", editor, id=rid, **{"sp:chip:maker": ""})[0] == 200
    assert "sp:chip:maker" not in as_script("resource_show", id=rid)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "other.rtdc"),
        ("name", ""),
        ("format", "ZIP"),
        ("hash", "abc"),
        ("url", "http://evil.example.org"),
        ("dc:experiment:date", "2017-02-09"),
        ("size", 7),
        ("mimetype", "text/html"),
        ("s3_url", "http://evil.example.org"),
        ("s3_available", False),
        ("sp:unknown:key", "x"),
    ],
)
def test_everything_else_is_the_servers(draft, editor, status, key, value):
    rid = draft["resources"][0]["id"]
    for action, data in (
        ("resource_patch", {"id": rid, key: value}),
        ("package_revise", {"match__id": draft["id"], f"update__resources__{rid}": {key: value}}),
    ):
        code, message = status(action, editor, **data)
        assert code == 403
        assert f"Editing not allowed: {key}={value}" in message


@pytest.mark.parametrize("key", ["etag", "sha256"])
def test_hashes_are_neither_specified_nor_edited(draft, editor, uploaded, status, key):
    rid = draft["resources"][0]["id"]
    code, message = status("resource_patch", editor, id=rid, **{key: "f" * 32})
    assert (code, f"may not edit '{key}'" in message) == (403, True)
    new = {"id": uploaded(), "name": "new.rtdc", key: "f" * 32}
    code, message = status(
        "package_revise", editor, match__id=draft["id"], update__resources__extend=[new]
    )
    assert (code, f"Regular users may not specify '{key}'" in message) == (403, True)


def test_omitted_and_empty_server_fields_stay(draft, editor, status):
    resources = [{"id": r["id"], "etag": "", "url": ""} for r in draft["resources"]]
    code, message = status("package_update", editor, **draft | {"resources": resources})
    assert code == 200, message
    for before, after in zip(
        draft["resources"], as_script("package_show", id=draft["id"])["resources"], strict=True
    ):
        for key in ("name", "etag", "sha256", "size", "mimetype", "url", "s3_available"):
            assert after[key] == before[key], key


def test_resources_are_reordered_and_removed(draft, editor, status):
    first, second = draft["resources"]
    assert status("package_update", editor, **draft | {"resources": [second, first]})[0] == 200
    assert (
        status(
            "package_revise", editor, match__id=draft["id"], filter=[f"-resources__{first['id']}"]
        )[0]
        == 200
    )
    left = as_script("package_show", id=draft["id"])["resources"]
    assert [resource["id"] for resource in left] == [second["id"]]


def test_resources_are_never_deleted_by_their_own_action(cast, draft, status):
    rid = draft["resources"][0]["id"]
    assert status("resource_delete", cast["circle admin"], id=rid)[0] == 403
    assert status("resource_delete", None, id=rid)[0] == 403


def extend(status, person, dataset, **resource):
    return status(
        "package_revise", person, match__id=dataset["id"], update__resources__extend=[resource]
    )


def test_an_upload_becomes_a_resource(draft, editor, uploaded, status):
    answer = extend(status, editor, draft, id=uploaded(), name="new.rtdc", s3_available=True)
    assert answer[0] == 200, answer


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"name": "a.rtdc"}, "not available on S3"),
        ({"name": "a.rtdc", "url": "http://x"}, "not available on S3"),
    ],
)
def test_unknown_uploads_do_not(draft, editor, status, resource, expected):
    code, message = extend(status, editor, draft, id=str(uuid.uuid4()), **resource)
    assert (code, expected in message) == (403, True)


def test_uploads_of_other_circles_do_not(draft, editor, new_circle, uploaded, status):
    other = new_circle(editor.name)
    code, message = extend(status, editor, draft, id=uploaded(other["id"]), name="a.rtdc")
    assert (code, "not available on S3" in message) == (403, True)


def test_ids_are_used_once(draft, new_dataset, editor, uploaded, status):
    taken = new_dataset("draft")["resources"][0]["id"]
    code, message = extend(status, editor, draft, id=taken, name="a.rtdc")
    assert (code, "already exists" in message) == (403, True)
    rid = uploaded()
    twice = [{"id": rid, "name": "a.rtdc"}, {"id": rid, "name": "b.rtdc"}]
    code, message = status(
        "package_revise", editor, match__id=draft["id"], update__resources__extend=twice
    )
    assert (code, "already exists" in message) == (403, True)


@pytest.mark.parametrize("key", ["url", "mimetype", "dc:setup:flow rate", "size", "foo"])
def test_registration_says_nothing_more(draft, editor, uploaded, status, key):
    code, message = extend(status, editor, draft, id=uploaded(), name="a.rtdc", **{key: "1"})
    assert code == 403
    assert f"Keys not allowed: {key}" in message


def test_a_file_that_is_not_there_is_not_claimed(draft, editor, uploaded, status):
    code, message = extend(status, editor, draft, id=uploaded(), name="a.rtdc", s3_available=False)
    assert (code, "not available on S3" in message) == (403, True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.docx", "Unsupported file suffix '.docx'"),
        ("a", "Unsupported file suffix"),
        ("a.RTDC", "Unsupported file suffix"),
        ("µæsdqow.rtdc", "Invalid characters"),
        ("a b.rtdc", "Invalid characters in the name: ' '"),
        ("file0.rtdc", "'file0.rtdc' already exists!"),
        (None, "Missing value"),
    ],
)
def test_bad_names_are_refused(draft, editor, uploaded, app, name, expected):
    new = {"id": uploaded()} | ({"name": name} if name else {})
    data = {"match__id": draft["id"], "update__resources__extend": [new]}
    answer = app.post("/api/3/action/package_revise", json=data, headers=editor.headers)
    assert answer.status_code == 409
    assert answer.status.upper() == "409 CONFLICT"
    errors = answer.json["error"]["resources"]
    assert len(errors) == 3
    assert errors[:2] == [{}, {}]
    assert len(errors[2]["name"]) == 1
    assert expected in errors[2]["name"][0]


def test_two_new_resources_do_not_share_a_name(draft, editor, uploaded, status):
    twice = [{"id": uploaded(), "name": "a.rtdc"}, {"id": uploaded(), "name": "a.rtdc"}]
    code, message = status(
        "package_revise", editor, match__id=draft["id"], update__resources__extend=twice
    )
    assert (code, "'a.rtdc' already exists!" in message) == (409, True)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("sp:general:sample type", "nonsense", "primary cells"),
        ("sp:chip:production date", "2020-15-31", "a date like"),
        ("sp:chip:channel width", -1, "greater than 0"),
        ("sp:chip:channel width", "nan", "finite"),
        ("sp:cells:live", "maybe", "true, yes, false or no"),
        ("sp:cells:passage number", 5.7, "whole number"),
    ],
)
def test_bad_supplements_are_refused_with_what_is_allowed(
    draft, editor, status, key, value, expected
):
    rid = draft["resources"][0]["id"]
    code, message = status("resource_patch", editor, id=rid, **{key: value})
    assert code == 409
    assert key in message
    assert expected in message


def test_ids_are_checked_for_sysadmins_too(cast, draft, new_dataset, status):
    taken = new_dataset("draft")["resources"][0]["id"]
    for rid in ("not-a-uuid-at-all", taken, draft["resources"][0]["id"]):
        new = new_resource("z.rtdc", id=rid)
        code, message = extend(status, cast["sysadmin"], draft, **new)
        assert code == 409, message


@pytest.mark.parametrize("state", ["active", "deleted"])
def test_resources_are_frozen_with_their_dataset(new_dataset, editor, uploaded, status, state):
    dataset = new_dataset(state)
    rid = dataset["resources"][0]["id"]
    code, message = status("resource_patch", editor, id=rid, description="new")
    assert (code, "Editing resources for non-draft datasets not allowed" in message) == (403, True)
    for update in (
        {f"update__resources__{rid}": {"description": "new"}},
        {f"update__resources__{rid}": {"sp:chip:maker": "new"}},
        {"update__resources__extend": [{"id": uploaded(), "name": "a.rtdc"}]},
        {"filter": [f"-resources__{rid}"]},
    ):
        code, message = status("package_revise", editor, match__id=dataset["id"], **update)
        assert code == 403
        assert "Changing 'resources' not allowed for non-draft datasets" in message
    code, message = status(
        "resource_create", editor, package_id=dataset["id"], id=uploaded(), name="a.rtdc"
    )
    assert (code, "Editing resources for non-draft datasets not allowed" in message) == (403, True)


def test_a_resource_is_patched_by_its_id_alone_or_with_the_name_of_its_dataset(
    draft, editor, status
):
    rid = draft["resources"][0]["id"]
    for reference in (draft["name"], draft["id"]):
        code, message = status(
            "resource_patch", editor, id=rid, package_id=reference, description=reference
        )
        assert code == 200, message
    assert as_script("resource_show", id=rid)["package_id"] == draft["id"]


def test_a_resource_does_not_move_to_another_dataset(draft, new_dataset, editor, status):
    rid, other = draft["resources"][0]["id"], new_dataset("draft")
    assert status("resource_patch", editor, id=rid, package_id=other["id"])[0] == 403


@pytest.mark.parametrize("role", ["anonymous", "logged in", "circle member", "collection admin"])
def test_others_change_nothing(cast, draft, status, role):
    rid = draft["resources"][0]["id"]
    assert status("resource_patch", cast[role], id=rid, description="x")[0] == 403
    code, _message = status("resource_create", cast[role], package_id=draft["id"], name="a.txt")
    assert code == 403


def test_malformed_resource_lists_are_refused(draft, editor, status):
    for resources in ("text", [1], [["a"]], {"a": 1}):
        code, message = status("package_update", editor, **draft | {"resources": resources})
        assert code == 409, message
