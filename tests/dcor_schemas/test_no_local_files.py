"""No file of a resource is ever written to the disk of the web server."""

from __future__ import annotations

import io

import pytest

from ckanext.dcor_schemas import no_local_files


@pytest.mark.parametrize("address", [2, "http://[", ["x"], {"a": 1}, True])
def test_odd_addresses_of_resources_are_answered(call, person, draft, address):
    call("resource_create", person, status=409, package_id=draft["id"], url=address)


def test_a_file_that_comes_along_is_refused(app, person, draft):
    answer = app.post(
        "/api/3/action/resource_create",
        data={"package_id": draft["id"], "upload": (io.BytesIO(b"cells"), "cells.rtdc")},
        headers=person.headers,
        content_type="multipart/form-data",
    )
    assert answer.status_code == 409
    assert answer.json["error"]["upload"] == [no_local_files.NOT_HERE]
