"""The snippets of the resource page do what they say."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys

import dclab
import numpy as np
import pytest
import requests

from ckanext.dc_serve.snippets import TOKEN

_SECONDS = 120


@pytest.fixture(params=["public", "private"])
def snippets(request, served):
    """What can be copied from the page of a measurement, by name."""
    uploaded = request.getfixturevalue(request.param)
    url = f"{served.url}/dataset/{uploaded.dataset}/resource/{uploaded.id}"
    page = requests.get(url, headers=served.person.headers, timeout=60).text
    found = re.findall(
        r'id="dc-serve-(\w+)">.*?data-module-copy-value="(.*?)"', page, flags=re.DOTALL
    )
    texts = {name: html.unescape(text) for name, text in found}
    assert (TOKEN in texts["dclab"]) is (request.param == "private")
    return {name: text.replace(TOKEN, served.person.token) for name, text in texts.items()}


def run(command, folder):
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_dclab(snippets, local, tmp_path):
    printed = run([sys.executable, "-c", snippets["dclab"]], tmp_path)
    assert printed.strip() == str(local["deform"][:10])


def test_pandas(snippets, local, tmp_path):
    printed = run([sys.executable, "-c", snippets["pandas"]], tmp_path)
    assert printed.split()[:2] == ["area_um", "deform"]
    (mean,) = [line.split()[1:] for line in printed.splitlines() if line.startswith("mean")]
    expected = [np.mean(local[name][:]) for name in ("area_um", "deform")]
    np.testing.assert_allclose([float(text) for text in mean], expected, rtol=1e-4)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl(snippets, local, tmp_path):
    run(["sh", "-ec", snippets["curl"]], tmp_path)
    np.testing.assert_array_equal(np.load(tmp_path / "deform.npy"), local["deform"][:])
    with dclab.new_dataset(tmp_path / "cells_condensed.rtdc") as ds:
        assert "volume" in ds.features_innate


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r(snippets, tmp_path):
    assert "deform" in run(["Rscript", "-e", snippets["r"]], tmp_path)


def test_what_r_reads(snippets, local):
    """R or not: the addresses in the code give what ``read.csv`` expects."""
    (address,) = re.findall(r'paste0\("(.*?)"', snippets["r"])
    token = re.findall(r'Authorization = "(.*?)"', snippets["r"])
    headers = {"Authorization": token[0]} if token else {}
    answer = requests.get(address + "deform", headers=headers, timeout=60)
    name, *values = answer.text.splitlines()
    assert name == "deform"
    np.testing.assert_array_equal([float(value) for value in values], local["deform"][:])
