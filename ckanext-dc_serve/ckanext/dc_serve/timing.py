"""The header Server-Timing: what the time of an answer was spent on."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import flask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Response

_NAME = "_dc_serve_timing"


@contextmanager
def measured(name: str) -> Iterator[None]:
    """Note the time of a block under a name; outside of requests nothing is noted."""
    started = time.perf_counter()
    try:
        yield
    finally:
        if flask.has_request_context():
            spent = flask.g.setdefault(_NAME, {})
            spent[name] = spent.get(name, 0.0) + time.perf_counter() - started


def send() -> None:
    """Tell the client of the present request what was noted."""
    if flask.has_request_context():
        flask.after_this_request(_add_header)


def _add_header(response: Response) -> Response:
    if spent := flask.g.pop(_NAME, None):
        response.headers["Server-Timing"] = ", ".join(
            f"{name};dur={seconds * 1e3:.2f}" for name, seconds in spent.items()
        )
    return response
