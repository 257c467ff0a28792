"""The static preview: a redirect to the object store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - routes are called with it

from werkzeug.utils import redirect

from dcor_shared.config import object_store
from dcor_shared.objects.presign import PRIVATE_LIFETIME, PUBLIC_LIFETIME, presign_get
from dcor_shared.objects.store import head

from ckanext.dc_view import caching, errors, measurements, records, subject
from ckanext.dc_view.routes.blueprint import dc_view

if TYPE_CHECKING:
    from ckanext.dc_view.caching import Answer


class NoPreviewError(errors.RequestError):
    """There is no preview of this resource."""

    code, status = "no-preview", 404
    text = "No preview available"


@dc_view.route("/preview.jpg", endpoint="dcpreview")
def preview(did: UUID, rid: UUID) -> Answer:
    """The preview of a measurement, shown in the browser."""
    about = subject.require(did, rid)
    store, name = object_store(), about.object("preview")
    # the record first: an object may be left from an earlier overview
    is_made = about.is_in_store and records.has_preview(about.id, about.etag)
    if not is_made or head(store, name) is None:
        raise NoPreviewError
    lifetime = PUBLIC_LIFETIME if about.is_public else PRIVATE_LIFETIME
    file_name = measurements.preview_name(about.name)
    signed = presign_get(store, name, lifetime, file_name, inline=True)
    answer = redirect(signed.url, 302, caching.Answer)
    # nobody may keep the redirect for longer than its target works
    return caching.limited(answer, about, min(lifetime, int(signed.expires - time.time())))


@dc_view.errorhandler(NoPreviewError)
def refuse_preview(error: NoPreviewError) -> Answer:
    """There is none: people may have come here by a link."""
    answer = caching.Answer(error.text, status=error.status, mimetype="text/plain")
    return caching.never(answer)
