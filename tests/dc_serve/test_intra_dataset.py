"""Basins between measurements of one dataset, found through the index of identifiers."""

from __future__ import annotations

import dataclasses

import pytest

from ckan import model

from dcor_shared.pipeline.facts import resource_facts

from ckanext.dc_serve.intra_dataset import notes_of, outdated, upstream_basins
from ckanext.dc_serve.upstream import MOST

SITE = "https://dcor.example.org"


@pytest.fixture
def anakin(make_measurement, note_record):
    """The file that others were made of; its condensed file knows more features."""
    made = make_measurement(name="anakin.rtdc", condensed={"features": ["volume"]})
    note_record(made, identifier="m1")
    return made


@pytest.fixture
def make_export(make_measurement, note_record, anakin):
    """Makes a file that was exported from another one, in the same dataset or not."""

    def make(identifier, wanted, mapping="basinmap0", *, same_dataset=True):
        basin = {"type": "file", "format": "hdf5", "identifier": wanted, "mapping": mapping}
        made = make_measurement(name="luke.rtdc", original={"basins": [basin]})
        note_record(made, identifier=identifier)
        if same_dataset:
            model.Session.get(model.Resource, made.id).package_id = anakin.package_id
            model.Session.commit()
        return resource_facts(model.Session, made.id)

    return make


def test_filtered_export_refers_to_its_upstream(make_export, anakin):
    (basin,) = upstream_basins(make_export("m1_filtered", "m1"), SITE)
    assert basin == {
        "name": "DCOR intra-dataset for anakin.rtdc",
        "description": "Upstream DCOR intra-dataset resource",
        "url": f"{SITE}/api/3/action/dcserv?id={anakin.id}",
        "features": ["area_um", "deform", "image", "trace", "volume"],
        "mapping": "basinmap0",
    }


def test_unfiltered_export_refers_to_its_upstream_and_itself(make_export):
    names = [basin["name"] for basin in upstream_basins(make_export("m1", "m1", "same"), SITE)]
    assert sorted(names) == [
        "DCOR intra-dataset for anakin.rtdc",
        "DCOR self-reference luke.rtdc",
    ]


def test_other_datasets_are_not_looked_at(make_export):
    assert upstream_basins(make_export("m1_filtered", "m1", same_dataset=False), SITE) == ()


def test_measurement_without_basins_has_no_upstream(make_export, anakin):
    assert upstream_basins(resource_facts(model.Session, anakin.id), SITE) == ()


@pytest.mark.parametrize("site", ["http://localhost", "http://dcor.local:5000"])
def test_site_that_clients_cannot_use_in_basins_gets_none(make_export, site):
    assert upstream_basins(make_export("m1_filtered", "m1"), site) == ()


def test_record_of_another_object_counts_for_nothing(make_export):
    facts = dataclasses.replace(make_export("m1_filtered", "m1"), etag="f" * 32)
    assert upstream_basins(facts, SITE) == ()


def test_cost_does_not_grow_with_the_dataset(make_export, statements):
    facts = make_export("m1_filtered", "m1")
    with statements() as seen:
        upstream_basins(facts, SITE)
    assert len(seen) == 2


# many files with one identifier


@pytest.fixture
def copies(make_measurement, note_record):
    """More copies of a measurement in a dataset than others refer to, each with many basins."""
    wanted = [*(f"other-{number}" for number in range(300)), *(["m1"] * 300)]
    basins = [
        {"type": "file", "format": "hdf5", "identifier": one, "mapping": "same"} for one in wanted
    ]
    made = []
    for position in range(MOST + 3):
        made.append(
            make_measurement(
                name=f"{position}.rtdc",
                original={"basins": basins},
                condensed={"features": []},
            )
        )
        note_record(made[-1], identifier="m1")
        resource = model.Session.get(model.Resource, made[-1].id)
        resource.package_id, resource.position = made[0].package_id, position
        model.Session.commit()
    return [resource_facts(model.Session, one.id) for one in made]


def test_a_file_refers_to_the_first_ones_and_to_itself(copies):
    names = [basin["name"] for basin in upstream_basins(copies[-1], SITE)]
    first = [f"DCOR intra-dataset for {position}.rtdc" for position in range(MOST)]
    assert names == [*first, f"DCOR self-reference {MOST + 2}.rtdc"]


def test_one_of_the_first_files_lets_all_others_be_looked_at(copies):
    assert set(outdated(copies[MOST - 1], SITE)) == {one.id for one in copies}


def test_further_files_let_no_other_one_be_looked_at(copies, statements):
    """So a thousand files cost a thousand times as much as one, not a million times."""
    with statements() as seen:
        assert outdated(copies[-1], SITE) == [copies[-1].id]
    assert len(seen) == 4


# many files whose identifiers differ

#: Statements for each file that is looked at, and one to find them.
STATEMENTS = 3


@pytest.fixture
def make_file(make_measurement, note_record):
    """Makes one more file of a dataset: its identifier, and what its basins refer to."""
    made = []

    def make(identifier, wanted, mapping):
        basins = [
            {"type": "file", "format": "hdf5", "identifier": one, "mapping": mapping}
            for one in wanted
        ]
        made.append(make_measurement(name=f"{identifier}.rtdc", original={"basins": basins}))
        note_record(made[-1], identifier=identifier)
        resource = model.Session.get(model.Resource, made[-1].id)
        resource.package_id, resource.position = made[0].package_id, len(made)
        model.Session.commit()
        return resource_facts(model.Session, made[-1].id)

    return make


@pytest.fixture
def condense(note_record):
    """Notes what is noted of a condensed file."""

    def do(facts):
        notes = notes_of(facts.id, upstream_basins(facts, SITE))
        note_record(facts, condensed={"features": [], **notes})

    return do


def test_files_that_only_mention_each_other_are_not_looked_at(make_file, condense, statements):
    names = [f"m{number}" for number in range(MOST + 3)]
    files = [make_file(name, names, "same") for name in names]
    for one in files:
        condense(one)
    with statements() as seen:
        assert outdated(files[0], SITE) == []
    assert len(seen) == 1 + STATEMENTS


def test_a_chain_of_exports_costs_the_same_for_each_file(make_file, condense, statements):
    """Each identifier is the beginning of all others before it, the longest one comes first."""
    names = ["a" * length for length in range(2 * MOST + 5, 0, -1)]
    files, times = [], []
    for name in names:
        files.append(make_file(name, [one for one in names if one != name], "basinmap0"))
        condense(files[-1])
        with statements() as seen:
            again = outdated(files[-1], SITE)
        times.append(len(again))
        assert len(seen) <= 1 + STATEMENTS * (MOST + 1)
        for one in files:
            if one.id in again:
                condense(one)
    assert max(times) == MOST
    assert all(len(upstream_basins(one, SITE)) <= MOST for one in files)


def test_what_a_file_refers_to_already_lets_it_be_looked_at(make_file, condense, note_record):
    """Though it refers to enough others: what they offer may be more by now."""
    first, *_others = (make_file("m1", [], "same") for _file in range(MOST))
    last = make_file("m1", ["m1"], "same")
    condense(last)
    assert outdated(last, SITE) == []
    note_record(first, condensed={"features": ["volume"]})
    assert outdated(first, SITE) == [last.id]


def test_a_file_that_comes_before_lets_place_for_one_more(make_file, condense):
    """It is none of the others that it may refer to."""
    first, *_others = (make_file("m1", ["m1"], "same") for _file in range(MOST))
    condense(first)
    last = make_file("m1", [], "same")
    assert outdated(last, SITE) == [first.id]


def test_what_a_file_refers_to_is_looked_at_though_many_came_before_it(
    make_file, condense, note_record
):
    """Files of a dataset can be sorted anew."""
    for _file in range(MOST):
        make_file("m1", [], "same")
    late = make_file("m1", [], "same")
    derived = make_file("m1_abc", ["m1"], "basinmap0")
    _place(late, 0)
    condense(derived)
    _place(late, MOST + 5)
    note_record(late, condensed={"features": ["volume"]})
    assert outdated(late, SITE) == [derived.id]


def _place(facts, position):
    model.Session.get(model.Resource, facts.id).position = position
    model.Session.commit()


@pytest.mark.parametrize(("mapping", "finds"), [(None, True), ("nonsense", False)])
def test_mappings_mean_the_same_for_the_database(make_file, condense, mapping, finds):
    derived = make_file("m1", ["m1"], mapping)
    condense(derived)
    upstream = make_file("m1", [], "same")
    assert outdated(upstream, SITE) == [derived.id] * finds
    other = make_file("m", [], "same")
    assert outdated(other, SITE) == []


def test_what_is_condensed_again_anyway_is_not_looked_at(
    make_file, condense, note_record, note_step
):
    first = make_file("m1", [], "same")
    last = make_file("m1", ["m1"], "same")
    condense(last)
    condense(first)
    note_record(first, condensed={"features": ["volume"]})
    assert outdated(first, SITE) == [last.id]
    note_step(last, "condense", "pending")
    assert outdated(first, SITE) == []
