"""Code to be copied: it names the right place, and it is code."""

from __future__ import annotations

import shlex

import pytest

from ckanext.dc_serve import snippets
from ckanext.dc_serve.snippets import Place

DID = "3c1bf4e8-5c3b-4d2c-9a34-9e8d8c7a2f10"
RID = "fb719fb2-bd9f-817a-7d70-f4002af916f0"


def place(site_url="https://dcor.example.org", *, private=False):
    return Place(site_url, DID, RID, private)


def test_dclab_is_given_host_and_port():
    code = snippets.dclab(place("http://127.0.0.1:5000"))
    assert 'host="127.0.0.1:5000"' in code
    assert "use_ssl=False" in code
    assert "use_ssl" not in snippets.dclab(place())


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("make", [snippets.dclab, snippets.pandas])
def test_python_code_is_python(make, private):
    compile(make(place(private=private)), "snippet", "exec")


@pytest.mark.parametrize("make", [snippets.dclab, snippets.pandas, snippets.r, snippets.curl])
def test_only_private_data_need_a_token(make):
    assert snippets.TOKEN not in make(place())
    assert snippets.TOKEN in make(place(private=True))


def test_commands_are_commands():
    for line in snippets.curl(place(private=True)).splitlines():
        words = shlex.split(line)
        assert words[0] == "curl"
        assert words[-1].startswith("https://dcor.example.org/")
    assert f"/dataset/{DID}/resource/{RID}/condensed.rtdc" in snippets.curl(place())


def test_every_snippet_names_the_measurement():
    assert all(RID in snippet.code for snippet in snippets.snippets(place()))
