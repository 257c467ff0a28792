"""What the layer and the application tell each other about the present request."""

from __future__ import annotations

import flask

#: Set by the layer: whether the request may be set aside, or has to be answered at once.
MAY_WAIT = "dc_serve.may_wait"
#: Set by the layer: the resources that requests to this process wait for already.
AWAITED = "dc_serve.awaited"
#: Set by the application: the resource that the request has to wait for.
WAITS_FOR = "dc_serve.waits_for"


def may_be_set_aside() -> bool:
    """Whether somebody will ask again for the sake of the present request."""
    return _mark() is True


def is_asked_again() -> bool:
    """Whether the present request must be answered without waiting (any longer)."""
    return _mark() is False


def is_awaited(resource_id: str) -> bool:
    """Whether a request that was set aside waits for this resource already."""
    return resource_id in flask.request.environ.get(AWAITED, ())


def set_aside(resource_id: str) -> None:
    """Let the present request wait for a resource; what its view returns reaches nobody."""
    flask.request.environ[WAITS_FOR] = resource_id


def _mark() -> object:
    return flask.request.environ.get(MAY_WAIT) if flask.has_request_context() else None
