"""The short form of ``make fuzz``: a hundred damaged measurements do no harm."""

from __future__ import annotations

import pytest

from tests.fuzz.mutants import mutant
from tests.fuzz.parents import parents
from tests.fuzz.running import run


def test_a_mutant_depends_on_nothing_but_its_number(tmp_path):
    found, _ = parents(tmp_path)
    assert mutant(found, 12) == mutant(found, 12)
    assert len({mutant(found, number)[1] for number in range(40)}) > 30


@pytest.mark.slow
def test_a_hundred_mutants_do_no_harm(tmp_path):
    found, _ = parents(tmp_path)
    work = tmp_path / "work"
    work.mkdir()
    report = run(found, range(100), work)
    assert not report.harm
    assert sum(report.outcomes.values()) == 200
