"""Which requests can be answered from memory, and what their answers depend on."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from ckan.lib import api_token

from ckanext.dc_serve import config

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATHS = {"/api/3/action/dcserv", "/api/action/dcserv"}
#: Headers that make an answer a special one, or its reader somebody else.
_SPECIAL = (
    "HTTP_COOKIE",
    "HTTP_ORIGIN",
    "HTTP_RANGE",
    "HTTP_TRANSFER_ENCODING",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "REMOTE_USER",
)
_QUERY_MAX = 1000


@dataclass(frozen=True)
class Asked:
    """A request that may be answered from memory.

    Attributes
    ----------
    key
        Everything in the request that decides about the answer.
    resource_id
        The measurement.
    token_id
        Id of the reader's API token, None for anonymous readers.
    """

    key: tuple[str, ...]
    resource_id: str
    token_id: str | None


def recognise(environ: Mapping[str, Any]) -> Asked | None:
    """The request, if it is one that may be answered from memory."""
    if environ.get("PATH_INFO") not in _PATHS or environ.get("REQUEST_METHOD") != "GET":
        return None
    query = environ.get("QUERY_STRING", "")
    if len(query) > _QUERY_MAX or any(environ.get(name) for name in _SPECIAL):
        return None
    if environ.get("CONTENT_LENGTH", "") not in {"", "0"}:
        return None
    resource_id = _resource_id(query)
    if resource_id is None:
        return None
    token = environ.get(config.token_header(), "")
    token_id = _token_id(token) if token else None
    if token and token_id is None:
        return None
    reader = hashlib.sha256(token.encode()).hexdigest() if token else ""
    key = (reader, environ["PATH_INFO"], query, environ.get("HTTP_ACCEPT", ""))
    return Asked(key, resource_id, token_id)


def _resource_id(query: str) -> str | None:
    """The resource that is asked about; None if this is not beyond doubt."""
    pairs = parse_qsl(query, keep_blank_values=True)
    given = dict(pairs)
    if len(given) != len(pairs) or "callback" in given:
        return None
    try:
        return str(uuid.UUID(given.get("id", "")))
    except ValueError:
        return None


def _token_id(token: str) -> str | None:
    if (known := _TOKENS.get(token)) is not None:
        return known
    decoded = api_token.decode(token) or {}
    found = decoded.get("jti")
    # the stamp does not know when a token expires
    if not isinstance(found, str) or "exp" in decoded:
        return None
    if len(_TOKENS) >= _TOKENS_MAX:
        _TOKENS.clear()
    _TOKENS[token] = found
    return found


#: What tokens decode to: a pure function of the token and the site's secret.
_TOKENS: dict[str, str] = {}
_TOKENS_MAX = 1000
