"""Condensing here and by dclab."""

from __future__ import annotations

import warnings

import pytest
from dclab.cli import condense as dclab_condense

from dcor_shared.measurement.condensing import condense
from tests.dcor_shared.measurement.condensing.comparing import (
    REQUEST,
)


@pytest.fixture
def condensed(tmp_path):
    """Condenses a file and gives the path of the result and its summary."""

    def run(path, request=REQUEST):
        out = tmp_path / "condensed.rtdc"
        return out, condense(path, out, request)

    return run


@pytest.fixture
def oracle(tmp_path):
    """Condenses a file with dclab's own command."""

    def run(path):
        out = tmp_path / "oracle.rtdc"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dclab_condense(path, out)
        return out

    return run
