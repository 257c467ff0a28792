"""The state of the views, and the buttons: try what failed again, make the overview again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 - routes are called with it

import flask

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline import enqueue, states

from ckanext.dc_view import caching, errors, state, steps, subject
from ckanext.dc_view.routes.blueprint import dc_view

if TYPE_CHECKING:
    from werkzeug import Response

    from ckanext.dc_view.caching import Answer
    from ckanext.dc_view.subject import Subject


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
    return _back_to_page(about)


@dc_view.route("/regenerate", methods=["POST"])
def regenerate(did: UUID, rid: UUID) -> Response:
    """Make the overview again, although nothing has failed, and show the page."""
    about = subject.require_measurement(did, rid)
    if not subject.may_edit(about):
        raise errors.NotFoundError
    waiting = states.repeat(model.Session(), [about.id], steps.NAME)
    model.repo.commit()
    enqueue.enqueue(waiting)
    return _back_to_page(about)


def _back_to_page(about: Subject) -> Response:
    page = tk.url_for("dataset_resource.read", id=about.package_id, resource_id=about.id)
    return flask.redirect(page, code=303)
