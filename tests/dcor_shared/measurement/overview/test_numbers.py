"""Statistics are those of dclab; data types lose nothing."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from dclab.statistics import Statistics

from dcor_shared.measurement.overview import numbers


class Dataset:
    """Just enough of a dclab dataset for its statistics."""

    title = "data"
    config = {"filtering": {"enable filters": False}}  # noqa: RUF012

    def __init__(self, values):
        self.values = values

    def __getitem__(self, feature):
        return self.values


RANDOM = np.random.default_rng(47)
SAMPLES = {
    "normal": RANDOM.normal(50, 8, 5000),
    "skew": RANDOM.lognormal(0, 2, 777),
    "whole": RANDOM.integers(0, 20, 400).astype(float),
    "with gaps": np.array([1.0, np.nan, 2.0, np.inf, 3.5, -np.inf, 3.6]),
    "constant": np.full(30, 7.25),
    "two": np.array([1.0, 4.0]),
    "one": np.array([3.0]),
    "negative": -RANDOM.exponential(3, 300),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_statistics_are_those_of_dclab(name):
    found = numbers.summarise(SAMPLES[name])
    for method, value in zip(numbers.STATISTICS, found.statistics, strict=True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = Statistics.available_methods[method](ds=Dataset(SAMPLES[name]), feature="x")
        if np.isnan(expected):
            assert value is None, method
        else:
            assert value == pytest.approx(expected, rel=1e-12), method


@pytest.mark.parametrize("name", SAMPLES)
def test_quantiles_are_those_of_numpy(name):
    finite = SAMPLES[name][np.isfinite(SAMPLES[name])]
    expected = np.percentile(finite, np.arange(101))
    np.testing.assert_allclose(numbers.summarise(SAMPLES[name]).quantiles, expected, rtol=1e-12)


def test_nothing_finite_has_no_statistics():
    found = numbers.summarise(np.array([np.nan, np.inf]))
    assert found.finite == 0
    assert found.statistics == [None] * 8
    assert np.isnan(found.quantiles).all()


def test_huge_values_do_not_fail():
    found = numbers.summarise(np.array([-1.7e308, 0.0, 1.7e308]))
    assert found.statistics[1] == 0.0


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([0, 255], "<u1"),
        ([0, 256], "<u2"),
        ([0, 65536], "<u4"),
        ([0, 2**32], "<f8"),
        ([-1, 5], "<f4"),
        ([0.5, 5], "<f4"),
        ([np.nan, 5], "<f4"),
        ([-1, 2**24 + 1], "<f8"),
        ([1e300, 0.5], "<f8"),
        ([np.nan], "<f4"),
        ([], "<f4"),
    ],
)
def test_smallest_data_type(values, dtype):
    array = np.array(values, dtype=float)
    assert numbers.smallest_dtype(array) == dtype
    kept = array.astype(dtype)
    if np.all(np.floor(array) == array):
        np.testing.assert_array_equal(kept, array)
