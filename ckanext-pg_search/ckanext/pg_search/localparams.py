"""Queries that name their parser: ``{!lucene q.op=OR}red blood``, ``{!bool must=red}``.

CKAN refuses them unless ``ckan.search.solr_allowed_query_parsers`` allows their parser.
"""

from __future__ import annotations

import re

from ckanext.pg_search.errors import QueryNotUnderstoodError

_HEAD = re.compile(r"\s*\{!((?:[^'\"}]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*)\}(.*)", re.DOTALL)
_PARAM = re.compile(
    r"\s*(?:([\w.]+)\s*=\s*)?(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|([^\s'\"=]+))"
)


def split(text: str) -> tuple[str, list[tuple[str, str]], str] | None:
    """Take a query apart that names its parser.

    Returns
    -------
    parts : tuple or None
        Name of the parser, its parameters and the query itself (parameter ``v`` or what follows
        the bracket); None if the query names no parser.

    Raises
    ------
    QueryNotUnderstoodError
        If the bracket cannot be read.
    """
    if not text.lstrip().startswith("{!"):
        return None
    head = _HEAD.fullmatch(text)
    if head is None:
        raise QueryNotUnderstoodError(f"Cannot read the parameters of {text[:200]!r}")
    params = _params(head[1])
    parser = next((value for name, value in params if name == "type"), "lucene")
    query = next((value for name, value in params if name == "v"), head[2])
    return parser, params, query


def _params(text: str) -> list[tuple[str, str]]:
    params, end = [], 0
    while text[end:].strip():
        match = _PARAM.match(text, end)
        if match is None:
            raise QueryNotUnderstoodError(f"Cannot read the parameters {text[:200]!r}")
        value = next(group for group in match.groups()[1:] if group is not None)
        params.append((match[1] or "type", value))
        end = match.end()
    return params
