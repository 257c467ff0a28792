"""File types that may become resources."""

import pytest

from ckanext.dcor_schemas import suffixes


def test_clients_rely_on_the_list_and_its_order():
    listed = ".rtdc .ini .csv .tsv .pdf .txt .jpg .png .tif .py .ipynb .poly .sof .so2"
    assert list(suffixes.SUPPORTED_SUFFIXES) == listed.split()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.rtdc", True),
        ("a.dc", True),
        ("a.b.rtdc", True),
        ("a.r", False),
        ("a.d", False),
        ("a.", False),
        ("a", False),
        ("rtdc", False),
        ("a.RTDC", False),
        ("a.rtdc.txt", False),
    ],
)
def test_measurements_are_known_by_their_exact_suffix(name, expected):
    assert suffixes.is_measurement(name) is expected
