"""Circles, datasets and resources for tests and demonstrations, made the way clients make them."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from ckan.plugins import toolkit as tk

from dcor_shared.testing.pipeline import run_pending

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TIMEOUT = 300
_OK = 400


def make_dataset_via_s3(
    create_context: Mapping[str, Any] | None = None,
    owner_org: str | Mapping[str, Any] | None = None,
    resource_path: str | Path | None = None,
    activate: bool = False,  # noqa: FBT001, FBT002
    **package_fields: Any,
) -> dict[str, Any] | tuple[dict[str, Any], dict[str, Any]]:
    """Create a dataset and, on request, upload a file into it and activate it.

    Parameters
    ----------
    create_context
        Context of the calls; without it all rules are ignored.
    owner_org
        The circle, or its id; a new one without it.
    resource_path
        File to upload.
    activate
        Whether to activate the dataset.
    **package_fields
        Fields of ``package_create``.

    Returns
    -------
    dict, or tuple of two dict
        The dataset; with a file also its resource.
    """
    context = _context(create_context)
    given = {"title": "test-dataset-S3", "authors": "Peter Fly Pan", "license_id": "CC-BY-4.0"}
    dataset = tk.get_action("package_create")(
        dict(context),
        given | {"state": "draft", "owner_org": _circle_id(owner_org)} | package_fields,
    )
    if resource_path is not None:
        make_resource_via_s3(
            resource_path, dataset["owner_org"], dataset["id"], create_context=create_context
        )
    if activate:
        activate_dataset(dataset["id"], create_context)
    shown = tk.get_action("package_show")(dict(context), {"id": dataset["id"]})
    return shown if resource_path is None else (shown, shown["resources"][0])


def make_resource_via_s3(  # noqa: PLR0917
    resource_path: str | Path,
    organization_id: str,
    dataset_id: str,
    resource_name: str | None = None,
    private: bool = False,  # noqa: ARG001, FBT001, FBT002
    ret_dict: bool = False,  # noqa: FBT001, FBT002
    create_context: Mapping[str, Any] | None = None,
) -> str | dict[str, Any]:
    """Upload a file to the object store and register it as a resource.

    Parameters
    ----------
    resource_path
        The file.
    organization_id, dataset_id
        The circle and the dataset.
    resource_name
        Name of the resource; that of the file without it.
    private
        Not used: an object is public exactly while its dataset is.
    ret_dict
        Return the resource dictionary instead of its id.
    create_context
        Context of the calls; without it all rules are ignored.
    """
    path, context = Path(resource_path), _context(create_context)
    allowed = tk.get_action("resource_upload_s3_urls")(
        dict(context), {"organization_id": organization_id, "file_size": path.stat().st_size}
    )
    upload_presigned_to_s3(path, allowed["upload_urls"], allowed["complete_url"])
    resource_id: str = allowed["resource_id"]
    new = {"id": resource_id, "name": resource_name or path.name, "s3_available": True}
    revised = tk.get_action("package_revise")(
        dict(context), {"match": {"id": dataset_id}, "update__resources__extend": [new]}
    )
    if not ret_dict:
        return resource_id
    resources: list[dict[str, Any]] = revised["package"]["resources"]
    return next(resource for resource in resources if resource["id"] == resource_id)


def activate_dataset(
    dataset_id: str, create_context: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Activate a dataset; its steps are run in this process before, if its rules ask for them."""
    context = _context(create_context)
    if not context.get("ignore_auth"):
        dataset = tk.get_action("package_show")(dict(context), {"id": dataset_id})
        run_pending([resource["id"] for resource in dataset["resources"]])
    revised = tk.get_action("package_revise")(
        dict(context), {"match": {"id": dataset_id}, "update": {"state": "active"}}
    )
    package: dict[str, Any] = revised["package"]
    return package


def upload_presigned_to_s3(
    path: str | Path, upload_urls: Sequence[str], complete_url: str | None
) -> str:
    """Upload a file in as many equal parts as there are URLs; its ETag.

    Raises
    ------
    ValueError
        If the object store refuses something.
    """
    etags = [
        _require_ok(requests.put(url, data=part, timeout=_TIMEOUT)).headers["ETag"].strip('"')
        for url, part in zip(upload_urls, _parts(Path(path), len(upload_urls)), strict=True)
    ]
    if complete_url is None:
        return etags[0]
    parts = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        for number, etag in enumerate(etags, 1)
    )
    body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"
    return _etag_of_whole(etags, _require_ok(requests.post(complete_url, body, timeout=_TIMEOUT)))


def _parts(path: Path, count: int) -> Iterator[bytes]:
    length = -(-path.stat().st_size // count)
    with path.open("rb") as file:
        for _number in range(count):
            yield file.read(length)


def _etag_of_whole(etags: Sequence[str], answer: requests.Response) -> str:
    """The ETag of an object of several parts, which not every store puts into its answer."""
    if "ETag" in answer.headers:
        return answer.headers["ETag"].strip('"')
    digests = b"".join(bytes.fromhex(etag) for etag in etags)
    return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(etags)}"


def _require_ok(answer: requests.Response) -> requests.Response:
    if answer.status_code >= _OK:
        raise ValueError(f"Upload failed with {answer.status_code}: {answer.reason} {answer.text}")
    return answer


def _context(create_context: Mapping[str, Any] | None) -> dict[str, Any]:
    if create_context is not None:
        return {"api_version": 3, **create_context}
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"api_version": 3, "ignore_auth": True, "user": site_user["name"]}


def _circle_id(owner_org: str | Mapping[str, Any] | None) -> str:
    if isinstance(owner_org, str):
        return owner_org
    if owner_org is not None:
        return str(owner_org["id"])
    circle = tk.get_action("organization_create")(
        _context(None), {"name": f"circle-{uuid.uuid4().hex[:12]}"}
    )
    return str(circle["id"])
