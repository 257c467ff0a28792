"""Parameters of dcserv: which error wins, and its exact text."""

from __future__ import annotations

import pytest

from ckan.plugins import toolkit as tk

from ckanext.dc_serve import parameters

RID = "fb719fb2-bd9f-817a-7d70-f4002af916f0"


def refusal(**given: object) -> str:
    with pytest.raises(tk.ValidationError) as error:
        parameters.parse(given)
    return error.value.error_dict["message"]


def test_query_is_asked_for_first():
    assert refusal(version="1") == "Please specify 'query' parameter!"


def test_id_is_asked_for_before_the_version():
    assert refusal(query="metadata", version="1") == "Please specify 'id' parameter!"


def test_version_1_is_refused_with_its_own_text():
    assert refusal(query="metadata", id="", version="1") == (
        "Version '1' of the DCOR API is not supported anymore. Please use version '2' instead!"
    )


@pytest.mark.parametrize("version", ["0", "4", "", "2.0", 1, 2, True, 4, None, ["2", "2"]])
def test_other_versions_are_refused(version):
    assert refusal(query="metadata", id=RID, version=version) == (
        "Please specify version '1' or '2'!"
    )


@pytest.mark.parametrize("version", ["3", 3])
def test_version_3_may_be_a_number(version):
    given = {"query": "metadata", "id": RID, "version": version}
    assert parameters.parse(given).version == 3


def test_version_may_be_left_out():
    assert parameters.parse({"query": "size", "id": RID}) == parameters.Query("size", RID)


def test_everything_else_is_ignored():
    given = {"query": "size", "id": RID, "version": "2", "feature": "deform", "event": "1"}
    assert parameters.parse(given) == parameters.Query("size", RID)


@pytest.mark.parametrize("empty", ["", None])
def test_empty_id_is_a_validation_error(empty):
    with pytest.raises(tk.ValidationError) as error:
        parameters.require_uuid(empty)
    assert error.value.error_dict["message"] == "Missing id, can not get Resource object"


@pytest.mark.parametrize(
    "wrong",
    ["calibration_beads_47.rtdc", RID.upper(), RID.replace("-", ""), f"{{{RID}}}", [RID, RID], 7],
)
def test_anything_but_a_uuid_is_not_found(wrong):
    with pytest.raises(tk.ObjectNotFound):
        parameters.require_uuid(wrong)


def test_uuid_is_taken_as_it_is():
    assert parameters.require_uuid(RID) == RID
