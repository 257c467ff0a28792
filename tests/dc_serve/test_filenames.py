"""What the name of a resource says."""

from __future__ import annotations

import pytest

from ckanext.dc_serve import filenames


@pytest.mark.parametrize("name", ["a.rtdc", "a.b.rtdc", "a.dc", ".rtdc"])
def test_suffix_makes_a_measurement(name):
    assert filenames.is_measurement(name, None)


@pytest.mark.parametrize(
    "name", ["a.RTDC", "a.r", "a.rt", "a.d", "a.", "rtdc", "dc", "a.rtdc.txt", "", None]
)
def test_suffix_must_be_exact(name):
    assert not filenames.is_measurement(name, None)


@pytest.mark.parametrize("mimetype", ["RT-DC", "DC"])
def test_mimetype_makes_a_measurement(mimetype):
    assert filenames.is_measurement("whatever", mimetype)


@pytest.mark.parametrize("mimetype", ["rt-dc", "RT-FDC", "text/plain", ""])
def test_other_mimetypes_do_not(mimetype):
    assert not filenames.is_measurement("whatever.txt", mimetype)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("beads.rtdc", "beads_condensed.rtdc"),
        ("a.b.dc", "a.b_condensed.dc"),
        ("beads", "beads_condensed.rtdc"),
    ],
)
def test_name_of_the_condensed_file(name, expected):
    assert filenames.condensed_name(name) == expected
