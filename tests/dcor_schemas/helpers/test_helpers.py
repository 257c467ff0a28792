"""What templates are given."""

import pytest

from ckan import model

from ckanext.dcor_schemas import helpers, licences
from ckanext.dcor_schemas.supplements import schema


@pytest.fixture(autouse=True)
def _shipped(monkeypatch):
    monkeypatch.setattr(schema.config, "json_resource_schema_dir", lambda: "package")


def test_references_become_links_only_if_they_are_safe():
    links = helpers.dcor_schemas_reference_links(
        "doi:10.1002/a<b:1, https://a.org/x, javascript:alert(1), arXiv:1507.00466"
    )
    assert [(link.text, link.href) for link in links] == [
        ("doi:10.1002/a<b:1", "https://doi.org/10.1002/a%3Cb:1"),
        ("arXiv:1507.00466", "https://arxiv.org/abs/1507.00466"),
        ("https://a.org/x", "https://a.org/x"),
        ("javascript:alert(1)", ""),
    ]


def test_references_are_sorted_by_kind():
    found = helpers.dcor_schemas_get_reference_dict("bioRxiv:10.1101/1, doi:10.1/a:b")
    assert found == {"arxiv": [], "biorxiv": ["10.1101/1"], "dois": ["10.1/a:b"], "links": []}
    assert helpers.dcor_schemas_get_reference_dict(None)["dois"] == []


def test_sections_of_the_supplements_are_listed_for_forms():
    listed = helpers.dcor_schemas_get_composite_section_item_list()
    assert [section["name"] for section in listed][:3] == ["General", "Cells", "Artificial"]
    items = {key: (title, text) for section in listed for key, title, text in section["items"]}
    assert items["sp:chip:channel width"] == (
        "Exact channel width [µm] (The exact channel width with submicron resolution)",
        "e.g. 20.04",
    )
    assert items["sp:cells:live"][1] == "e.g. yes"
    assert items["sp:experiment:buffer ph"] == ("Buffer pH", "e.g. 6.14")
    assert items["sp:chip:comments"][1] == "text"


def test_fields_of_a_resource_are_plain_or_more():
    fields = helpers.dcor_schemas_resource_fields(
        {"etag": "e", "dc:setup:medium": "PBS", "url_type": "upload", "hash": "", "state": "active"}
    )
    assert fields == {"plain": [("etag", "e")], "more": [("dc:setup:medium", "PBS")]}


def test_license_options_are_those_of_the_site(tx):
    for license_id in model.Package.get_license_register():
        offered = {entry[0] for entry in helpers.dcor_schemas_license_options(license_id)}
        permitted = licences.allowed_targets(license_id)
        assert offered == permitted & set(model.Package.get_license_register().keys())
