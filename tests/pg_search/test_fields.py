"""What each kind of field finds."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Index


@pytest.fixture
def beads(index: Index) -> Index:
    index.add(
        "beads", title="Calibration Beads", title_string="Calibration Beads",
        notes="Polymer beads, 47 events, recorded with DCOR-Aid", author="Dr. Müller",
        tags=["calibration", "Poly Styrene"], organization="guck", extras_doi="10.1000/xyz",
        res_name=["M001_data.rtdc", "M002_data.rtdc"], res_extras_sha256=["c5ba3e05" * 8],
        version="1.2", metadata_modified="2026-01-15T12:00:00.123456Z",
        dcnum_area=[20.5, 80], dcnum_flow_rate=0.04, test_date="2024-02-29T00:00:00Z",
    )  # fmt: skip
    index.add(
        "blood", title="Red Blood Cells", title_string="Red Blood Cells", notes="My measurements",
        tags=["cells"], organization="other", version="2.0", private=True,
        metadata_modified="2026-02-20T00:00:00Z", dcnum_area=150, dcnum_flow_rate=0.16,
    )  # fmt: skip
    return index


@pytest.mark.parametrize(
    "q",
    [
        "title:beads", "title:bead", "title:CALIBRATION", "notes:dcoraid", "notes:dcor-aid",
        'notes:"47 events"', "title:cal*", "title:*libr*", "title:b?ad", "author:muller",
        "author:Müller", "tags:calibration", 'tags:"Poly Styrene"', "tags:Poly\\ Styrene",
        "tags:Poly*", "organization:guck", "organization:(guck OR nobody)", "version:1.2",
        "version:[1.0 TO 1.9]", "extras_doi:xyz", "res_name:m001",
        f"res_extras_sha256:{'c5ba3e05' * 8}",
        "name:be*", "name:*ead?", "name_ngram:EAD", 'title_ngram:"tion be"', "dcnum_flow_rate:0.04",
        "dcnum_area:[50 TO 100]", "dcnum_area:{20.4 TO 20.6}", "dcnum_area:[* TO 30]",
        "dcnum_flow_rate:[0.04 TO 0.16}", "-dcnum_area:[100 TO *]", "private:* OR test_date:*",
        "test_date:[2024-01-01T00:00:00Z TO NOW]", 'test_date:"2024-02-29T00:00:00Z"',
        "metadata_modified:[* TO 2026-01-31T23\\:59\\:59Z]", "-title:blood", "NOT tags:cells",
        "!name:blood", "title:beads && -organization:other",
        "title:(red OR calibration) AND name:beads",
        "text:polymer", "polymer", "+polymer -blood", '"polymer beads"', "poly*", "urls:m001",
    ],
)  # fmt: skip
def test_a_query_finds_the_beads(beads: Index, q: str) -> None:
    assert "beads" in beads.names(q)


@pytest.mark.parametrize(
    "q",
    [
        "title:polymer", 'notes:"events 47"', "tags:Calibration", "tags:Poly", "tags:styrene",
        "organization:Guck", "version:[1.3 TO *]", "dcnum_area:[21 TO 79]",
        "dcnum_flow_rate:[0.16 TO *]",
        "dcnum_area:{80 TO *]", "metadata_modified:[2026-02-01T00:00:00Z TO NOW]", "unknown:x",
        "unknown:*", "unknown:[a TO b]", "-tags:calibration", "title:beads AND name:blood",
        "private:*", "private:true", "author:mull?", "test_date:[* TO 2024-02-28T00:00:00Z]",
        "name:b?ad",
    ],
)  # fmt: skip
def test_a_query_does_not_find_the_beads(beads: Index, q: str) -> None:
    assert "beads" not in beads.names(q)


def test_every_word_can_be_found(beads: Index) -> None:
    assert beads.names("notes:my") == ["blood"]


def test_truth_values_are_words(beads: Index) -> None:
    assert beads.names("private:true") == ["blood"]


def test_a_moment_of_an_instant_ago_lies_before_now(index: Index) -> None:
    from datetime import UTC, datetime

    index.add("new", metadata_modified=datetime.now(UTC).isoformat())
    assert index.names("metadata_modified:[NOW-1MINUTE TO NOW]") == ["new"]


def test_a_changed_dataset_is_found_by_its_new_words_only(index: Index) -> None:
    index.add("d", title="old", dcnum_area=[1, 2])
    index.add("d", title="new", dcnum_area=3)
    assert index.names("title:new") == index.names("dcnum_area:3") == ["d"]
    assert index.names("title:old OR dcnum_area:1") == []


def test_hostile_values_are_only_values(index: Index) -> None:
    hostile = "x'; DROP TABLE package; -- \\ \" %_ :* & |"
    index.add("d", title=hostile, organization=hostile, tags=[hostile], custom=hostile)
    escaped = hostile.replace("\\", "\\\\").replace('"', '\\"')
    for field in ("organization", "tags", "custom", "title"):
        assert index.names(f'{field}:"{escaped}"') == ["d"]
    counts = index.search(facet=True, **{"facet.field": ["custom", hostile]}).facets
    assert counts["facet_fields"] == {"custom": [hostile, 1], hostile: []}


def test_percent_and_underscore_are_no_wildcards(index: Index) -> None:
    index.add("a", organization="axb")
    assert index.names("organization:a_b*") == index.names("organization:a%*") == []


def test_no_dataset_is_too_large_for_the_index(index: Index) -> None:
    names = [f"M{number:05d}_{uuid.uuid4().hex[:20]}.rtdc" for number in range(3000)]
    hashes = [f"{number:064x}" for number in range(3000)]
    index.add(
        "huge", title="Huge", res_name=names, res_extras_sha256=hashes, res_url=names * 3,
        notes="n" * 3_000_000, dcnum_area=list(range(3000)),
        **{"extras_" + "k" * 3000: "v", "dcnum_" + "k" * 3000: 1},
    )  # fmt: skip
    assert index.names("title:huge AND dcnum_area:2999") == ["huge"]
