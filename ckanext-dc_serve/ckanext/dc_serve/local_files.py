"""Files of sites that kept them on the disk of the web server before there was an object store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import flask

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from flask import Response

    from dcor_shared.objects.names import Artifact

_MISSING = {"resource": "Resource not found", "condensed": "Condensed resource not found"}


def send(resource_id: str, artifact: Artifact, file_name: str) -> Response:
    """The file that CKAN keeps of a resource with ``url_type`` "upload", or its condensed sibling.

    Parameters
    ----------
    resource_id
        A UUID in canonical form: it becomes a path.
    artifact
        Which of the two files.
    file_name
        Name under which it is downloaded.
    """
    path = _path(resource_id, artifact)
    if path is None or not path.is_file():
        tk.abort(404, _MISSING[artifact])
    return flask.send_file(path, as_attachment=True, download_name=file_name)


def _path(resource_id: str, artifact: Artifact) -> Path | None:
    root = tk.config.get("ckan.storage_path")
    if not root:
        return None
    folder = Path(root) / "resources" / resource_id[:3] / resource_id[3:6]
    suffix = "_condensed.rtdc" if artifact == "condensed" else ""
    return folder / f"{resource_id[6:]}{suffix}"
