"""A licence may only be replaced by a less restrictive one."""

import json

import pytest

from ckanext.dcor_schemas import licences

OPEN = ["CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0"]


def register(path):
    return [(entry["id"], entry["title"]) for entry in json.loads(path.read_text())]


@pytest.mark.parametrize(
    ("current", "targets"),
    [
        ("CC0-1.0", {"CC0-1.0"}),
        ("CC-BY-4.0", {"CC-BY-4.0", "CC0-1.0"}),
        ("CC-BY-SA-4.0", {"CC-BY-SA-4.0", "CC-BY-4.0", "CC0-1.0"}),
        ("CC-BY-NC-4.0", {"CC-BY-NC-4.0", "CC-BY-4.0", "CC0-1.0"}),
        ("none", {"none", *OPEN}),
        ("patient", {"patient"}),
        ("anything", {"anything"}),
    ],
)
def test_targets_are_strictly_less_restrictive(current, targets):
    assert licences.allowed_targets(current) == targets


@pytest.mark.parametrize("path", [licences.OPEN_FILE, licences.MEDICAL_FILE])
def test_forms_offer_exactly_what_is_permitted(path):
    known = register(path)
    for current, _title in known:
        offered = {entry[0] for entry in licences.options(known, current)}
        assert offered == licences.allowed_targets(current) & {entry[0] for entry in known}


def test_options_are_ordered_by_title():
    titles = [title for _id, title in licences.options(register(licences.OPEN_FILE), "none")]
    assert titles == sorted(titles)


def test_an_unregistered_licence_is_offered_first():
    offered = licences.options(register(licences.OPEN_FILE), "old-licence")
    assert offered == [("old-licence", "old-licence")]


def test_a_new_dataset_may_get_every_licence_but_none():
    offered = {entry[0] for entry in licences.options(register(licences.OPEN_FILE), None)}
    assert offered == set(OPEN)


def test_clinical_instances_have_exactly_the_two_licences_that_clients_look_for():
    assert {entry[0] for entry in register(licences.MEDICAL_FILE)} == {"none", "patient"}


@pytest.mark.parametrize("path", [licences.OPEN_FILE, licences.MEDICAL_FILE])
def test_every_licence_is_complete(path):
    keys = {
        "id",
        "title",
        "url",
        "family",
        "maintainer",
        "od_conformance",
        "osd_conformance",
        "status",
        "domain_content",
        "domain_data",
        "domain_software",
    }
    for entry in json.loads(path.read_text()):
        assert set(entry) == keys
        assert entry["status"] == "active"
        assert entry["osd_conformance"] == "not reviewed"


def test_only_the_non_commercial_licence_is_rejected():
    entries = {entry["id"]: entry for entry in json.loads(licences.OPEN_FILE.read_text())}
    conformance = {name: entry["od_conformance"] for name, entry in entries.items()}
    assert conformance == {
        "none": "not approved",
        "CC0-1.0": "approved",
        "CC-BY-4.0": "approved",
        "CC-BY-SA-4.0": "approved",
        "CC-BY-NC-4.0": "rejected",
    }
