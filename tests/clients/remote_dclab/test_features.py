"""dclab reads features, wherever they are."""

from __future__ import annotations

import numpy as np
import pytest

from tests.clients.remote_dclab.acting import EVENTS, opened


@pytest.mark.parametrize("feature", ["deform", "area_um", "bright_avg", "fl1_max", "time"])
def test_scalar_features(remote, local, feature):
    np.testing.assert_array_equal(remote[feature][:], local[feature][:])


def test_volume_comes_from_the_condensed_file(remote, local):
    assert "volume" not in local.features_innate
    np.testing.assert_allclose(remote["volume"][:], local["volume"][:], rtol=1e-6)
    condensed, original = remote.basins_get_dicts()
    assert "volume" in condensed["features"]
    assert "volume" not in original["features"]


@pytest.mark.parametrize("feature", ["image", "image_bg", "mask"])
def test_pictures(remote, local, feature):
    assert remote[feature].shape == local[feature].shape
    np.testing.assert_array_equal(remote[feature][3], local[feature][3])
    np.testing.assert_array_equal(remote[feature][2:5], local[feature][2:5])


def test_contour(remote, local):
    assert len(remote["contour"]) == EVENTS
    np.testing.assert_array_equal(remote["contour"][7], local["contour"][7])


def test_traces(remote, local):
    assert sorted(remote["trace"].keys()) == sorted(local["trace"].keys())
    np.testing.assert_array_equal(remote["trace"]["fl1_raw"][5], local["trace"]["fl1_raw"][5])


def test_only_features_that_are_there_are_promised(remote):
    for basin in remote.basins_get_dicts():
        assert basin["features"] == sorted(basin["features"])
    assert "ml_class" not in remote
    with pytest.raises(KeyError):
        remote["userdef1"]


def test_features_come_from_two_basins_and_nothing_else_is_asked(public, asked):
    with opened(public) as ds:
        assert ds.features_innate == []
        ds["deform"][:]
        ds["volume"][:]
        ds["image"][0]
        assert [basin.name[:9] for basin in ds.basins] == ["condensed", "resource-"]
    assert asked == ["metadata", "basins"]


def test_identifiers_of_basins_agree(remote, local):
    identifier = remote.get_measurement_identifier()
    assert identifier == local.get_measurement_identifier()
    for basin in remote.basins:
        assert basin.ds.get_measurement_identifier() == identifier


def test_expired_links_are_renewed_by_name(private, served, asked):
    with opened(private, served.person) as ds:
        ds["deform"][:]
        basin = ds.basins[0]
        before = basin.location
        basin.perishable.expiration_kwargs = {"time_local_expiration": 0}
        basin.location = "http://127.0.0.1:9/expired"
        ds.cache_basin_dict_time = -1
        asked.clear()
        assert len(ds["area_um"][:]) == EVENTS
        assert basin.location.split("?")[0] == before.split("?")[0]
        assert not basin.perishable.perished()
    assert "basins" in asked
