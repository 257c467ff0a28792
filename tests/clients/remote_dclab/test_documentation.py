"""The examples in the documentation of the API work as they stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tests.harness.places import CHECKOUT

PAGE = (CHECKOUT / "docs" / "dc_serve.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(sh|python)\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
COMMANDS = {"sh": ["sh", "-ec"], "python": [sys.executable, "-c"]}
SITE, DID, RID = (
    "https://dcor.example.org",
    "3c1bf4e8-5c3b-4d2c-9a34-9e8d8c7a2f10",
    "fb719fb2-bd9f-817a-7d70-f4002af916f0",
)


def test_there_are_examples():
    assert len(EXAMPLES) > 4


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example(public, served, tmp_path, number):
    language, code = EXAMPLES[number]
    host = served.url.removeprefix("http://")
    changes = {
        SITE: served.url,
        'host="dcor.example.org"': f'host="{host}", use_ssl=False',
        DID: public.dataset,
        RID: public.id,
        "your-token": served.person.token,
    }
    for old, new in changes.items():
        code = code.replace(old, new)
    done = subprocess.run(
        [*COMMANDS[language], code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or any(tmp_path.iterdir())
