"""Inline scripts that hold nothing but data, as CKAN's pages for views in frames have them.

CKAN hands such a view its resource as ``var preload_resource = {…};``. A script that consists of
nothing else does no harm: it is allowed by its checksum, while all others stay forbidden.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
#: The names that CKAN gives them: others may be those of the browser, such as ``location``.
_LINE = re.compile(r"var (?:preload_resource|resource_url|preview_metadata) = (.*);")
#: There are no more in such a page.
_MOST = 4


def hashes(page: str) -> tuple[str, ...]:
    """Sources for ``script-src``: the scripts of a page that only assign JSON."""
    found = [match[1] for match in _SCRIPT.finditer(page)][:_MOST]
    return tuple(_source(script) for script in found if is_data(script))


def is_data(script: str) -> bool:
    """Whether a script is nothing but lines ``var name = JSON;`` with CKAN's names."""
    lines = [line.strip() for line in script.split("\n")]
    return all(_is_assignment(line) for line in lines if line)


def _is_assignment(line: str) -> bool:
    found = _LINE.fullmatch(line)
    if found is None:
        return False
    try:
        json.loads(found[1])
    except ValueError:
        return False
    return True


def _source(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
