"""Contours are those of dclab, for every mask that one can think of."""

from __future__ import annotations

import numpy as np
import pytest
from dclab.features.contour import NoValidContourFoundError, get_contour
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dcor_shared.measurement.features.boxes import bounding_boxes
from dcor_shared.measurement.features.contours import ContourBatch, contours_from_masks
from tests.dcor_shared.measurement.features.shapes import SHAPES, WITHOUT_CONTOUR


def contour_of(mask):
    stack = mask[None]
    return contours_from_masks(stack, bounding_boxes(stack)).points


def same_circle(a, b) -> bool:
    """Whether two closed contours are the same but for their starting point."""
    if len(a) != len(b):
        return False
    return any((np.roll(b, shift, axis=0) == a).all() for shift in range(len(a)))


@pytest.mark.parametrize("name", SHAPES)
def test_the_contour_is_that_of_dclab(name):
    mask = SHAPES[name]
    assert same_circle(contour_of(mask), get_contour(mask.astype(bool)))


@pytest.mark.parametrize("name", SHAPES)
def test_masks_may_be_stored_with_255(name):
    np.testing.assert_array_equal(contour_of(SHAPES[name] * 255), contour_of(SHAPES[name]))


@pytest.mark.parametrize("name", WITHOUT_CONTOUR)
def test_masks_without_a_contour_get_one_point(name):
    with pytest.raises((NoValidContourFoundError, IndexError)):
        get_contour(WITHOUT_CONTOUR[name].astype(bool))
    assert len(contour_of(WITHOUT_CONTOUR[name])) == 1


@settings(max_examples=150, deadline=None)
@given(arrays(np.uint8, (7, 9), elements=st.integers(0, 1)))
def test_the_contour_of_any_small_mask_is_that_of_dclab(mask):
    try:
        theirs = get_contour(mask.astype(bool))
    except (NoValidContourFoundError, IndexError):
        assert len(contour_of(mask)) == 1
    else:
        assert same_circle(contour_of(mask), theirs)


def test_contours_lie_end_to_end():
    stack = np.array([SHAPES["ellipse"], WITHOUT_CONTOUR["empty"], SHAPES["hole"]])
    batch = contours_from_masks(stack, bounding_boxes(stack))
    assert len(batch) == 3
    for index, mask in enumerate(stack):
        start, count = batch.starts[index], batch.counts[index]
        np.testing.assert_array_equal(batch.points[start : start + count], contour_of(mask))


def test_joining_keeps_the_points():
    batch = ContourBatch.join([np.array([[1, 2]]), np.array([[3, 4], [5, 6]], dtype=np.uint16)])
    assert batch.points.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert batch.starts.tolist() == [0, 1]
    assert batch.counts.tolist() == [1, 2]
