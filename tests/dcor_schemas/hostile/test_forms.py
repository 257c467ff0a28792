"""Whatever is sent to a form or a list of the site, the page is no error of the server."""

from __future__ import annotations

import os

import pytest

from ckan import model

from tests.dcor_schemas.auth.conftest import cast, new_dataset
from tests.dcor_schemas.hostile.values import HOSTILE

__all__ = ["cast", "new_dataset"]

_TEXTS = {name: text for name, text in HOSTILE.items() if isinstance(text, str)}
_TEXTS |= {"minus one": "-1", "large number": "9" * 30, "fraction": "1.5", "markup": "<b>&amp;"}
_FULL = os.environ.get("DCOR_MATRIX") == "full"
_NAMES = tuple(_TEXTS) if _FULL else ("JSON object", "large number")
_GROUP = ("name", "title", "description", "image_url", "clear_upload", "id", "type", "users")
_DATASET = (
    *("title", "authors", "doi", "references", "license_id", "private", "owner_org"),
    *("pkg_name", "notes", "tag_string", "state", "save", "_ckan_phase", "name"),
)
_LIST = ("q", "page", "sort", "limit", "tags", "_tags_limit", "ext_bbox", "res_format")
#: Path → fields that are sent.
_FORMS: dict[str, tuple[str, ...]] = {
    "/dataset/edit/{dataset}": _DATASET,
    "/dataset/new": ("title", "name", "owner_org", "_ckan_phase", "pkg_name", "save"),
    "/dataset/{dataset}/resource/{resource}/edit": ("name", "url", "description", "id", "save"),
    "/dataset/{dataset}/resource/new": ("name", "url", "id", "save", "url_type"),
    "/dataset/groups/{dataset}": ("group_added", "group_remove.x"),
    "/dataset/collaborators/{dataset}/new": ("id", "username", "capacity", "user_id"),
    "/dataset/delete/{dataset}": ("cancel", "x"),
    "/organization/new": _GROUP,
    "/organization/edit/{circle}": _GROUP,
    "/organization/member_new/{circle}": ("username", "role", "email", "id"),
    "/organization/member_delete/{circle}": ("user", "id"),
    "/organization/bulk_process/{circle}": ("bulk_action.public", "dataset_x", "page", "sort"),
    "/group/new": _GROUP,
    "/group/edit/{collection}": _GROUP,
    "/group/member_new/{collection}": ("username", "role", "email", "id"),
    "/user/register": ("name", "fullname", "email", "password1", "password2", "image_url"),
    "/user/edit/{user}": ("name", "fullname", "email", "about", "image_url", "old_password"),
    "/user/reset": ("user",),
    "/user/{user}/api-tokens": ("name",),
}
_PAGES: dict[str, tuple[str, ...]] = {
    "/dataset/": (*_LIST, "organization", "groups", "license_id"),
    "/organization/": _LIST,
    "/organization/{circle}": _LIST,
    "/organization/bulk_process/{circle}": _LIST,
    "/group/": _LIST,
    "/group/{collection}": _LIST,
    "/dataset/{dataset}": ("id", "view_id", "activity_id"),
    "/dataset/{dataset}/resource/{resource}": ("view_id", "activity_id"),
    "/dataset/draft/new": ("group", "x"),
    "/user/confirm/{user}": ("key", "x"),
    "/user/{user}": ("page", "q"),
    "/user/": ("q", "page", "order_by"),
}


@pytest.fixture
def site(app, cast, new_dataset):
    """Sends a request as circle admin and undoes it; the status."""
    person, dataset = cast["circle admin"], new_dataset("active")
    names = {
        "dataset": dataset["id"],
        "resource": dataset["resources"][0]["id"],
        "circle": cast.circle["id"],
        "collection": cast.collection["id"],
        "user": person.name,
    }

    def send(method, path, **values):
        model.Session.remove()
        savepoint = model.Session.get_bind().begin_nested()
        try:
            address = path.format(**names)
            send = getattr(app, method)
            answer = send(address, headers=person.headers, follow_redirects=False, **values)
        except Exception as error:  # noqa: BLE001 - in tests pages let it through
            return 500, repr(error)[:300]
        finally:
            model.Session.remove()
            savepoint.rollback()
        return answer.status_code, ""

    return send


def _wrong(site, method, path, fields, keyword):
    for field in fields:
        for name in _NAMES:
            text = _TEXTS[name]
            if method == "get":
                text = text[:5000]
            for value in (text, [text, "b"]) if _FULL or name == _NAMES[0] else (text,):
                status, error = site(method, path, **{keyword: {field: value}})
                if status >= 500:
                    yield f"{field} = {name}{' twice' if value != text else ''}: {error}"


@pytest.mark.parametrize("path", _FORMS)
def test_no_form_is_an_error_of_the_server(site, path):
    wrong = list(_wrong(site, "post", path, _FORMS[path], "data"))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", _PAGES)
def test_no_page_is_an_error_of_the_server(site, path):
    wrong = list(_wrong(site, "get", path, _PAGES[path], "query_string"))
    assert not wrong, "\n".join(wrong)
