"""Validators of single values that need no database."""

from __future__ import annotations

import pytest

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas.validators import fields


@pytest.mark.parametrize("value", [0, 5, 2**63 - 1, None, tk.missing, ""])
def test_sizes_that_can_be_stored(value):
    assert fields.file_size(value) is value


@pytest.mark.parametrize("value", [-1, 2**63, 10**30])
def test_sizes_that_cannot_be_stored(value):
    with pytest.raises(tk.Invalid, match="number of bytes"):
        fields.file_size(value)


@pytest.mark.parametrize("value", ["", "text", None, tk.missing])
def test_texts(value):
    assert fields.only_text(value) is value


@pytest.mark.parametrize("value", [5, True, [], ["a"], {}])
def test_what_is_no_text(value):
    with pytest.raises(tk.Invalid, match="Must be text"):
        fields.only_text(value)
