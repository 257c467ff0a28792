"""The state of the views, and the button that lets a failed step be tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - routes are called with it

import flask

from ckan.plugins import toolkit as tk

from ckanext.dc_view import caching, errors, state, subject
from ckanext.dc_view.routes.blueprint import dc_view

if TYPE_CHECKING:
    from werkzeug import Response

    from ckanext.dc_view.caching import Answer


@dc_view.route("/view.json", endpoint="state")
def show_state(did: UUID, rid: UUID) -> Answer:
    """What there is of a measurement, where it is, and what still happens."""
    about = subject.require_measurement(did, rid)
    signed = tk.asbool(flask.request.args.get("signed") in {"1", "true"})
    return caching.never(caching.json_answer(state.state(about, signed=signed)))


@dc_view.route("/retry", methods=["POST"])
def retry(did: UUID, rid: UUID) -> Response:
    """Try the failed steps again and show the page."""
    about = subject.require(did, rid)
    try:
        tk.get_action("dcor_resource_retry")(subject.user_context(), {"id": about.id})
    except tk.NotAuthorized as error:
        raise errors.NotFoundError from error
    page = tk.url_for("dataset_resource.read", id=about.package_id, resource_id=about.id)
    return flask.redirect(page, code=303)
