"""Hostile files have no overview, and hostile condensed files do not spoil one."""

from __future__ import annotations

import pytest

from dcor_shared.measurement.errors import BasinPathError, UnsafeFileError
from dcor_shared.measurement.overview.making import make_overview
from dcor_shared.testing.hostile import CORPUS, write_hostile

pytestmark = pytest.mark.slow


@pytest.fixture
def path(tmp_path):
    return tmp_path / "measurement.rtdc"


@pytest.mark.parametrize("bad", CORPUS[::4], ids=lambda bad: bad.name.replace(" ", "-"))
def test_hostile_files_are_refused_by_name(overview, three, path, bad):
    with pytest.raises(bad.error):
        overview(write_hostile(bad, path, good=three))


#: Basins of condensed files are not used, so they may lead anywhere.
UNSAFE = [
    bad
    for bad in CORPUS
    if issubclass(bad.error, UnsafeFileError) and bad.error is not BasinPathError
]


@pytest.mark.parametrize("bad", UNSAFE[::9], ids=lambda bad: bad.name.replace(" ", "-"))
def test_hostile_condensed_files_are_ignored(three, tmp_path, bad):
    hostile = write_hostile(bad, tmp_path / "hostile.rtdc", good=three)
    made = make_overview(three, tmp_path, source_etag="e", step_version=1, condensed=hostile)
    assert "no-condensed" in {note["code"] for note in made.summary.notes}
