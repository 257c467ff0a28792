"""Only scripts that are nothing but data are allowed by their checksums."""

from __future__ import annotations

import base64
import hashlib

import pytest

from ckanext.dc_view.security import preloads

DATA = '\n  var preload_resource = {"name": "a; b"};\n  var resource_url = "http://x";\n'


def test_the_checksum_is_that_of_the_script():
    digest = base64.b64encode(hashlib.sha256(DATA.encode()).digest()).decode()
    assert preloads.hashes(f"<p><script>{DATA}</script>") == (f"'sha256-{digest}'",)


@pytest.mark.parametrize(
    "script",
    [
        "alert(1)",
        "var preload_resource = alert(1);",
        'var location = "https://elsewhere.example/";',
        'var preload_resource = {"b": 1}; alert(1);',
        "var preload_resource = 1;\nalert(1)",
        'window.a = {"b": 1};',
        'var preload_resource = {"b": `${alert(1)}`};',
    ],
)
def test_anything_else_stays_forbidden(script):
    assert not preloads.is_data(script)
    assert preloads.hashes(f"<script>{script}</script>") == ()
