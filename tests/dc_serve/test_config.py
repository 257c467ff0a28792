"""Every option is declared, with a default and a reason."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from ckanext.dc_serve import config

DECLARED = [
    option
    for group in yaml.safe_load(
        files("ckanext.dc_serve").joinpath("config_declaration.yaml").read_text()
    )["groups"]
    for option in group["options"]
]


@pytest.mark.parametrize("option", DECLARED, ids=lambda option: option["key"])
def test_option_is_explained(option):
    assert option["key"].startswith("ckanext.dc_serve.")
    assert option["description"].strip()
    assert "default" in option


def test_every_option_that_is_read_is_declared():
    read = {config.CREATE_CONDENSED, config.INTRA_DATASET_BASINS, config.RECORD_WAIT}
    assert read <= {option["key"] for option in DECLARED}


def test_defaults(ckan):
    assert config.create_condensed_datasets() is True
    assert config.enable_intra_dataset_basins() is True
    assert config.record_wait() == 2
