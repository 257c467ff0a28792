"""Which measurement of a dataset another one was derived from."""

from __future__ import annotations

import pytest

from ckanext.dc_serve.upstream import MOST, Candidate, UpstreamBasin, find


def measurement(name: str, identifier: str | None, *features: str) -> Candidate:
    return Candidate(f"id-of-{name}", f"{name}.rtdc", identifier, frozenset(features))


def basin(identifier: str | None, mapping: str = "same", **changes: str) -> dict[str, object]:
    return {
        "type": "file",
        "format": "hdf5",
        "identifier": identifier,
        "mapping": mapping,
    } | changes


ANAKIN = measurement("anakin", "m1", "userdef3", "deform")


def test_unfiltered_export_refers_to_its_upstream():
    luke = measurement("luke", "m1", "area_um")
    found = find(luke, [basin("m1")], [ANAKIN])
    assert found == [
        UpstreamBasin(
            name="DCOR intra-dataset for anakin.rtdc",
            description="Upstream DCOR intra-dataset resource",
            resource_id="id-of-anakin",
            mapping="same",
            features=("deform", "userdef3"),
        )
    ]


def test_filtered_export_keeps_its_mapping():
    rey = measurement("rey", "m1_abc", "area_um")
    (found,) = find(rey, [basin("m1", "basinmap0")], [ANAKIN, rey])
    assert (found.resource_id, found.mapping) == ("id-of-anakin", "basinmap0")


def test_chain_of_filtered_exports_refers_to_the_direct_upstream():
    luke = measurement("luke", "m1_abc", "area_um")
    rey = measurement("rey", "m1_abc_def", "area_um")
    (found,) = find(rey, [basin("m1_abc", "basinmap1")], [ANAKIN, luke, rey])
    assert (found.resource_id, found.mapping) == ("id-of-luke", "basinmap1")


def test_exports_of_a_file_that_is_not_there_are_not_linked():
    luke = measurement("luke", "m1_abc", "area_um")
    rey = measurement("rey", "m1_def", "area_um")
    assert find(rey, [basin("m1", "basinmap0")], [luke, rey]) == []


def test_measurement_that_refers_to_itself_says_so():
    luke = measurement("luke", "m1", "area_um")
    (found,) = find(luke, [basin("m1")], [luke])
    assert found.name == "DCOR self-reference luke.rtdc"
    assert found.description == "Basin is the resource itself on DCOR"


def test_missing_identifier_matches_nothing():
    nameless = measurement("nameless", None)
    assert find(nameless, [basin(None), basin("m1")], [nameless, ANAKIN]) == []


def test_same_mapping_needs_the_same_identifier():
    assert find(measurement("rey", "m1_abc"), [basin("m1")], [ANAKIN]) == []


def test_only_local_hdf5_basins_count():
    luke = measurement("luke", "m1")
    remote = basin("m1", type="remote", format="http")
    internal = basin("m1", type="internal", format="h5dataset")
    assert find(luke, [remote, internal], [ANAKIN]) == []


def test_the_same_basin_is_added_once():
    luke = measurement("luke", "m1")
    assert len(find(luke, [basin("m1"), basin("m1")], [ANAKIN])) == 1


def test_there_are_not_more_basins_than_anybody_needs():
    luke = measurement("luke", "m1", "area_um")
    definitions = [basin("m1", f"basinmap{number}") for number in range(MOST)]
    others = [measurement(f"anakin-{number}", "m1") for number in range(MOST)]
    found = find(luke, definitions, [*others, luke])
    to_itself = [one for one in found if one.resource_id == luke.id]
    assert (len(found), len(to_itself)) == (2 * MOST, MOST)


@pytest.mark.parametrize("mapping", [None, ""])
def test_a_basin_without_a_mapping_has_the_same_events(mapping):
    luke = measurement("luke", "m1", "area_um")
    rey = measurement("rey", "m1_abc", "area_um")
    assert [one.mapping for one in find(luke, [basin("m1", mapping)], [ANAKIN])] == ["same"]
    assert find(rey, [basin("m1", mapping)], [ANAKIN]) == []


@pytest.mark.parametrize("mapping", ["nonsense", "None", "basinmap", "basinmap0\n", 7, ["same"]])
def test_a_basin_with_a_mapping_that_is_none_is_skipped(mapping):
    luke = measurement("luke", "m1", "area_um")
    assert find(luke, [basin("m1", mapping)], [ANAKIN]) == []
