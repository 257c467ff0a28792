"""Values that nobody should send, and the requests into which they are put."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Data = dict[str, Any]

#: By a name for test reports; the character NUL has tests of its own (``test_unstorable``).
HOSTILE: dict[str, Any] = {
    "null": None,
    "true": True,
    "zero": 0,
    "negative": -1,
    "fraction": 1.5,
    "huge number": 10**30,
    "huge float": 1e300,
    "empty": "",
    "blank": " ",
    "huge text": "x" * 100_000,
    "path": "../../etc/passwd",
    "right to left": "\u202eabc",
    "percent": "%s%(a)s{0}",
    "quote": "' OR 1=1; --",
    "broken JSON": "[{",
    "JSON null": "null",
    "JSON number": "5",
    "JSON list": "[1]",
    "JSON object": '{"a": 1}',
    "no list": [],
    "list of null": [None],
    "list of text": ["a"],
    "list of numbers": [1],
    "list of lists": [[]],
    "list of objects": [{}],
    "list of odd objects": [{"id": [], "name": {}, "key": 5, "value": []}],
    "no object": {},
    "object": {"a": 1},
    "object of objects": {"id": {"id": {}}, "name": []},
}
#: One of each kind: for every test run.
FEW = ("null", "negative", "JSON number", "list of null")


def requests_about(dataset: Data, resource: str, circle: Data, collection: Data) -> dict[str, Data]:
    """A sound request for every action that the suite provides or changes."""
    new = {"title": "T", "authors": "A", "license_id": "CC0-1.0", "owner_org": circle["id"]}
    described = {"notes": "n", "doi": "10.1000/1", "references": "doi:10.1000/1", "private": True}
    lists = {
        "tags": [{"name": "a"}],
        "extras": [{"key": "k", "value": "v"}],
        "groups": [{"id": collection["id"]}],
        "resources": [{"id": resource, "description": "d"}],
    }
    rest = {"tag_string": "a,b", "state": "draft", "name": "n", "id": dataset["id"], "type": "d"}
    member = {"object": dataset["id"], "object_type": "package", "capacity": "member"}
    user = {"username": "nobody", "role": "editor"}
    group = {
        "title": "T",
        "description": "D",
        "packages": [],
        "users": [],
        "groups": [],
        "extras": [],
    }
    by_id = {"id": dataset["id"]}
    revised = {
        "match": by_id,
        "match__id": dataset["id"],
        "match__name": dataset["name"],
        "filter": ["-doi"],
        "include": ["+*"],
        "update": {"notes": "n"},
        "update__notes": "n",
        "update__resources": [{"id": resource}],
        "update__resources__extend": [{"id": resource, "name": "a.txt"}],
        f"update__resources__{resource}": {"description": "d"},
        f"update__resources__{resource}__description": "d",
        "update__resources__0__sp:chip:channel width": 20.0,
        "update__state": "draft",
    }
    described_resource = {
        "id": resource,
        "package_id": dataset["id"],
        "name": "a.txt",
        "description": "d",
        "url": "http://x.org",
        "upload": "u",
        "s3_available": True,
        "etag": "e",
        "size": 5,
        "sp:chip:channel width": 20.0,
        "sp:chip:production date": "2020-05-17",
        "sp:cells:live": True,
        "sp:cells:passage number": 7,
        "sp:identifiers:tags": "a b",
        "dc:experiment:event count": 5,
    }
    bulk = {"org_id": circle["id"], "datasets": [dataset["id"]]}
    return {
        "package_create": new | described | lists | rest,
        "package_update": dataset | rest,
        "package_patch": by_id | new | described | lists | rest,
        "package_revise": revised,
        "package_show": by_id | {"use_default_schema": True, "include_plugin_data": True},
        "package_delete": by_id,
        "dataset_purge": by_id,
        "package_resource_reorder": by_id | {"order": [resource]},
        "package_owner_org_update": by_id | {"organization_id": circle["id"]},
        "package_search": {
            "q": "a",
            "fq": "b:c",
            "rows": 1,
            "start": 0,
            "sort": "a asc",
            "fl": "id",
        }
        | {"facet.field": ["tags"], "facet.limit": 1, "include_drafts": True, "fq_list": ["a:b"]},
        "resource_create": described_resource,
        "resource_update": described_resource,
        "resource_patch": described_resource,
        "resource_delete": {"id": resource},
        "resource_show": {"id": resource},
        "resource_upload_s3_urls": {"organization_id": circle["id"], "file_size": 5},
        "dcor_upload_resume": {"id": resource},
        "dcor_upload_cancel": {"id": resource},
        "dcor_resource_status": {"id": resource},
        "dcor_resource_retry": {"id": resource, "step": "hash"},
        "dcor_dataset_check": by_id,
        "resource_schema_supplements": {"x": 1},
        "supported_resource_suffixes": {"x": 1},
        "bulk_update_public": bulk,
        "bulk_update_private": bulk,
        "bulk_update_delete": bulk,
        "member_create": {"id": collection["id"]} | member,
        "member_delete": {"id": collection["id"]} | member,
        "member_list": {"id": collection["id"], "object_type": "user", "capacity": "member"},
        "member_roles_list": {"group_type": "group"},
        "group_create": {"name": "g"} | group,
        "group_update": {"id": collection["id"], "name": "g"} | group,
        "group_patch": {"id": collection["id"]} | group,
        "group_show": {"id": collection["id"], "include_users": True, "include_datasets": True},
        "group_list": {"sort": "name asc", "limit": 1, "offset": 0, "groups": [], "q": "a"}
        | {"all_fields": True, "include_users": False, "type": "group"},
        "group_list_authz": {"available_only": True, "am_member": True, "q": "a"},
        "group_autocomplete": {"q": "a", "limit": 1},
        "group_delete": {"id": collection["id"]},
        "group_purge": {"id": collection["id"]},
        "group_member_create": {"id": collection["id"]} | user,
        "group_member_delete": {"id": collection["id"]} | user,
        "organization_create": {"name": "o"} | group,
        "organization_update": {"id": circle["id"], "name": "o"} | group,
        "organization_patch": {"id": circle["id"]} | group,
        "organization_show": {"id": circle["id"], "include_users": True, "include_datasets": True},
        "organization_list": {"sort": "name asc", "limit": 1, "offset": 0, "organizations": []}
        | {"all_fields": True, "include_users": True},
        "organization_list_for_user": {"id": "a", "permission": "read"},
        "organization_autocomplete": {"q": "a", "limit": 1},
        "organization_delete": {"id": circle["id"]},
        "organization_member_create": {"id": circle["id"]} | user,
        "organization_member_delete": {"id": circle["id"]} | user,
        "package_collaborator_create": by_id | {"user_id": "a", "capacity": "member"},
        "package_collaborator_delete": by_id | {"user_id": "a"},
        "package_collaborator_list": by_id | {"capacity": "member"},
        "package_collaborator_list_for_user": {"id": "a", "capacity": "member"},
        "tag_list": {"query": "a", "vocabulary_id": "v", "all_fields": True},
        "tag_show": {"id": "blood", "vocabulary_id": "v", "include_datasets": True},
        "tag_autocomplete": {"query": "a", "limit": 1, "offset": 0},
        "vocabulary_show": {"id": "v"},
        "user_show": {"id": "a", "include_datasets": True, "include_num_followers": True},
        "user_list": {"q": "a", "all_fields": True},
        "user_autocomplete": {"q": "a", "limit": 20, "ignore_self": True},
        "user_create": {"name": "n", "email": "a@example.org", "password": "12345678"}
        | {"fullname": "F", "about": "A", "image_url": "http://x.org/a.png", "with_apitoken": True},
    }


def spoiled(sound: Data, names: tuple[str, ...]) -> Iterator[tuple[str, Data]]:
    """The request with one value after the other replaced; what was done, and the request."""
    for key in sound:
        for name in names:
            yield f"{key} = {name}", sound | {key: HOSTILE[name]}
    for key in sound:
        yield f"no {key}", {name: value for name, value in sound.items() if name != key}
