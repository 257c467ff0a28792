"""Download routes: redirects to the object store, never the bytes themselves.

A resource that does not exist, one that the user may not read and one that belongs to another
dataset are answered alike: 404.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import flask
from flask import Blueprint
from werkzeug.routing import UUIDConverter

from ckan.plugins import toolkit as tk

from dcor_shared.config import object_store
from dcor_shared.objects.errors import ObjectStoreError
from dcor_shared.objects.names import object_name
from dcor_shared.objects.presign import PRIVATE_LIFETIME, PUBLIC_LIFETIME, presign_get
from dcor_shared.objects.store import head

from ckanext.dc_serve import caching, filenames, local_files
from ckanext.dc_serve.subject import Subject, find

if TYPE_CHECKING:
    from uuid import UUID

    from flask.sansio.blueprints import BlueprintSetupState
    from werkzeug import Response

    from dcor_shared.objects.names import Artifact, ObjectName
    from dcor_shared.objects.store import ObjectStore

log = logging.getLogger(__name__)

dc_serve = Blueprint("dc_serve", __name__)


class IdConverter(UUIDConverter):
    """A UUID that is tried before any text, so that CKAN's own routes come second."""

    weight = 50


@dc_serve.record_once
def _add_converter(state: BlueprintSetupState) -> None:
    # which of two equally heavy rules wins depends on the routes of all other plugins
    state.app.url_map.converters["dcor_id"] = IdConverter


@dc_serve.route("/dataset/<dcor_id:did>/resource/<dcor_id:rid>/condensed.rtdc")
def condensed(did: UUID, rid: UUID) -> Response:
    """The condensed file of a measurement."""
    subject = _subject(did, rid)
    return (
        _from_store(subject, "condensed")
        or _from_disk(subject, "condensed")
        or tk.abort(404, "No condensed download available")
    )


@dc_serve.route("/dataset/<dcor_id:did>/resource/<dcor_id:rid>/download/<name>")
def download(did: UUID, rid: UUID, name: str) -> Response:  # noqa: ARG001 (any name will do)
    """The file of a resource."""
    subject = _subject(did, rid)
    return (
        _from_store(subject, "resource")
        or _from_disk(subject, "resource")
        or _from_elsewhere(subject)
        or tk.abort(404, "Resource not found")
    )


def _subject(did: UUID, rid: UUID) -> Subject:
    subject = _readable(str(rid))
    if subject is None or not subject.is_public:
        caching.keep_private()
    if subject is None or subject.package_id != str(did):
        tk.abort(404, "Resource not found")
    return subject


def _readable(resource_id: str) -> Subject | None:
    context = {"user": tk.current_user.name, "auth_user_obj": tk.current_user}
    try:
        return find(resource_id, context)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def _file_name(subject: Subject, artifact: Artifact) -> str:
    name = subject.name or subject.id
    return filenames.condensed_name(name) if artifact == "condensed" else name


def _from_store(subject: Subject, artifact: Artifact) -> Response | None:
    if not subject.is_in_store:
        return None
    store = object_store()
    name = object_name(store.settings, subject.circle_id, subject.id, artifact)
    if not _exists(store, name):
        return None
    lifetime = PUBLIC_LIFETIME if subject.is_public else PRIVATE_LIFETIME
    signed = presign_get(store, name, lifetime, _file_name(subject, artifact))
    return flask.redirect(signed.url, code=302)


def _exists(store: ObjectStore, name: ObjectName) -> bool:
    """Whether the store has the object; only its definite word counts as absence."""
    try:
        return head(store, name) is not None
    except ObjectStoreError:
        log.exception("Download of %s from bucket %s failed", name.key, name.bucket)
        tk.abort(503, "The object store cannot be reached at the moment, please try again later")


def _from_disk(subject: Subject, artifact: Artifact) -> Response | None:
    if subject.resource.url_type != "upload":
        return None
    return local_files.send(subject.id, artifact, _file_name(subject, artifact))


def _from_elsewhere(subject: Subject) -> Response | None:
    url = subject.resource.url or ""
    if not url or _is_this_route(url):
        return None
    return flask.redirect(url, code=302)


_OWN_PATH = re.compile(r"/dataset/[^/]+/resource/[^/]+/download(/[^/]*)?$")


def _is_this_route(url: str) -> bool:
    parts = urlsplit(url)
    own_hosts = {"", urlsplit(tk.config["ckan.site_url"]).netloc, flask.request.host}
    return parts.netloc in own_hosts and bool(_OWN_PATH.search(unquote(parts.path)))
