"""The judgement over a draft follows from facts alone."""

from __future__ import annotations

import pytest

from ckanext.dcor_schemas import messages
from ckanext.dcor_schemas.activation import STILL_RUNNING, Check, Verdict
from ckanext.dcor_schemas.readiness.report import Facts, judge
from ckanext.dcor_schemas.supplements import Item, Section

DATASET = {
    "id": "d",
    "name": "beads",
    "state": "draft",
    "authors": "Peter Pan",
    "license_id": "CC0-1.0",
    "resources": [{"id": "r", "name": "a.rtdc", "size": 47}],
}
SECTIONS = (
    Section("general", "General options", "", (Item("general", "sample type", "Type", "string"),)),
    Section(
        "cells",
        "Cell sample",
        "",
        (Item("cells", "organism", "Organism", "string"),),
        {"general": {"sample type": ["cell line"]}},
    ),
)


def facts(verdict=Verdict.VALID, reason="", files=None, **fields):
    return Facts(
        dataset=DATASET | fields,
        checks={"r": Check("r", "a.rtdc", verdict, reason)},
        files=files or {},
        licenses=["CC0-1.0", "CC-BY-4.0"],
        sections=SECTIONS,
    )


def test_a_draft_with_a_valid_measurement_is_ready():
    report = judge(facts())
    assert report.ready
    (resource,) = report.resources
    assert (resource.name, resource.size, resource.check) == ("a.rtdc", 47, "valid")


def test_a_draft_without_resources_is_not_ready():
    assert judge(facts(resources=[])).problems == (messages.NO_RESOURCES,)


def test_a_running_check_is_not_called_invalid():
    report = judge(facts(Verdict.PENDING))
    assert report.problems == (STILL_RUNNING,)
    assert "still running" in report.resources[0].hints[0]


def test_the_cues_of_an_invalid_measurement_are_hints_of_its_resource():
    report = judge(facts(Verdict.INVALID, "Features: wrong event count"))
    assert report.problems == (messages.NO_MEASUREMENT,)
    assert "Features: wrong event count" in report.resources[0].hints[0]
    assert report.resources[0].problems == ()


def test_a_file_that_was_exchanged_prevents_activation():
    report = judge(facts(files={"r": "the file of 'a.rtdc' is not on the object store"}))
    assert not report.ready
    assert report.problems == ()
    assert report.resources[0].problems == ("the file of 'a.rtdc' is not on the object store",)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"authors": ""}, "no authors"),
        ({"license_id": "none"}, "Please choose a license_id"),
        (
            {"resources": [{"id": "r", "name": "a.rtdc"}, {"id": "s", "name": "a.rtdc"}]},
            "'a.rtdc' already exists!",
        ),
    ],
)
def test_what_the_validators_would_refuse_is_said_before(fields, said):
    assert said in " ".join(judge(facts(**fields)).problems)


def test_sections_that_apply_and_are_empty_are_hints():
    (hint,) = judge(facts()).resources[0].hints
    assert hint == "Nothing is said yet about: General options"
    cells = DATASET["resources"][0] | {"sp:general:sample type": "cell line"}
    (hint,) = judge(facts(resources=[cells])).resources[0].hints
    assert hint == "Nothing is said yet about: Cell sample"


def test_other_files_need_no_supplements():
    text = {"id": "t", "name": "notes.txt"}
    report = judge(facts(resources=[*DATASET["resources"], text]))
    assert (report.resources[1].check, report.resources[1].hints) == ("none", ())


@pytest.mark.parametrize(("state", "word"), [("active", "active already"), ("deleted", "deleted")])
def test_only_drafts_are_activated(state, word):
    report = judge(facts(state=state))
    assert not report.ready
    assert word in report.problems[0]
