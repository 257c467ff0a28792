"""Texts are stored in one spelling, and only safe references are stored."""

import pytest

from ckanext.dcor_schemas import text


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Peter Pan,Ben Elf,  Buddy Holly", "Peter Pan, Ben Elf, Buddy Holly"),
        ("  Solo  ", "Solo"),
        (" , ,", ""),
        ("", ""),
        (7, "7"),
    ],
)
def test_authors_are_separated_by_comma_and_blank(sent, stored):
    assert text.authors(sent) == stored


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("https://doi.org/10.1371/x", "10.1371/x"),
        (" 10.1/x/ ", "10.1/x"),
        ("doi:10.1/x", "doi:10.1/x"),
        ("https://dx.doi.org/10.1/a/b", "10.1/a/b"),
    ],
)
def test_a_doi_is_stored_without_link(sent, stored):
    assert text.doi(sent) == stored


@pytest.mark.parametrize("sent", ["https://doi.org", "https://doi.org/", "http://x// "])
def test_a_doi_link_without_path_is_refused(sent):
    with pytest.raises(text.BadTextError, match="without a DOI"):
        text.doi(sent)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (
            "https://dx.doi.org/10.1186/s12859-020-03553-y",
            "doi:10.1186/s12859-020-03553-y",
        ),
        ("http://dx.doi.org/10.1038/s41592-020-0831-y", "doi:10.1038/s41592-020-0831-y"),
        ("dx.doi.org/10.1186/s12859-019-3010-3", "doi:10.1186/s12859-019-3010-3"),
        ("doi:10.1039/C9SM01226E", "doi:10.1039/C9SM01226E"),
        ("DOI:10.1039/C9SM01226E", "doi:10.1039/C9SM01226E"),
        ("https://arxiv.org/abs/1507.00466", "arXiv:1507.00466"),
        ("arxiv:1507.00466", "arXiv:1507.00466"),
        ("https://arxiv.org/pdf/1507.00466.pdf", "arXiv:1507.00466"),
        ("https://arxiv.org/abs/cond-mat/0408370", "arXiv:cond-mat/0408370"),
        ("https://arxiv.org/abs/1507.00466v2", "arXiv:1507.00466v2"),
        ("https://www.biorxiv.org/content/10.1101/862227v2", "bioRxiv:10.1101/862227v2"),
        (
            "https://www.biorxiv.org/content/10.1101/862227v2.full.pdf+html",
            "bioRxiv:10.1101/862227v2",
        ),
        ("https://www.biorxiv.org/content/10.1101/862227v2.full.pdf", "bioRxiv:10.1101/862227v2"),
        ("biorxiv:10.1101/862227v2", "bioRxiv:10.1101/862227v2"),
        ("https://example.org/page?x=1", "https://example.org/page?x=1"),
        ("www.example.org/x", "https://www.example.org/x"),
        ("doi:10.1002/(SICI)1097-0258:1998", "doi:10.1002/(SICI)1097-0258:1998"),
        (" https://a.org , ,doi:10.1000/1 ", "https://a.org, doi:10.1000/1"),
        ("", ""),
    ],
)
def test_references_are_stored_in_one_spelling(sent, stored):
    assert text.references(sent) == stored
    assert text.references(stored) == stored


@pytest.mark.parametrize(
    "sent",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html;base64,AAAA",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "//example.org/x",
        "http://",
        "https:///path",
        'https://example.org/" onclick="alert(1)',
        "https://example.org/<script>",
        "https://[broken",
        "just some words",
        "word",
        "doi:banana",
        "doi:10.1/short registrant",
        "arXiv:not-an-identifier",
        "bioRxiv:javascript:alert(1)",
    ],
)
def test_anything_else_is_no_reference(sent):
    with pytest.raises(text.BadTextError):
        text.references(sent)


def test_stored_references_are_sorted_by_kind_and_cut_at_the_first_colon():
    found = text.sort_references(
        "doi:10.1002/a:b, arXiv:1507.00466, bioRxiv:10.1101/1v2, https://a.org:8080/x, javascript:1"
    )
    assert found.dois == ["10.1002/a:b"]
    assert found.arxiv == ["1507.00466"]
    assert found.biorxiv == ["10.1101/1v2"]
    assert found.links == ["https://a.org:8080/x", "javascript:1"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("8d3a1c1e-5f6b-4a2b-9c3d-0123456789ab", True),
        ("8D3A1C1E-5F6B-4A2B-9C3D-0123456789AB", False),
        ("8d3a1c1e5f6b4a2b9c3d0123456789ab", False),
        ("not-a-uuid-at-all", False),
        ("8d3a1c1e-5f6b-4a2b-9c3d-0123456789ab\n", False),
        (None, False),
    ],
)
def test_a_uuid_is_lower_case_with_dashes(value, expected):
    assert text.is_uuid(value) is expected
