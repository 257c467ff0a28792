"""Every fast feature has the values of dclab, event by event, NaN included."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from dclab.features import bright, bright_bc, bright_perc, inert_ratio, volume
from dclab.features.contour import get_contour

from dcor_shared.measurement.features import brightness, moments
from dcor_shared.measurement.features.boxes import bounding_boxes
from dcor_shared.measurement.features.contours import contours_from_masks
from dcor_shared.measurement.features.volume import volume as fast_volume
from tests.dcor_shared.measurement.features.shapes import SHAPES, WITHOUT_CONTOUR, pictures

PIXEL = 0.34
STACK = np.array(list(SHAPES.values()))


def assert_same(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9, equal_nan=True)


@pytest.fixture(scope="module")
def batch():
    return contours_from_masks(STACK, bounding_boxes(STACK))


@pytest.fixture(scope="module")
def contours():
    return [get_contour(mask.astype(bool)) for mask in STACK]


def by_dclab(function, contours, **arguments):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return np.array([function(contour, **arguments) for contour in contours])


# shape


def test_inert_ratio_raw(batch, contours):
    ours = moments.inert_ratio(moments.central_moments(batch, batch.points))
    assert_same(ours, by_dclab(inert_ratio.get_inert_ratio_raw, contours))


def test_inert_ratio_cvx(batch, contours):
    ours = moments.inert_ratio_cvx(batch)
    assert_same(ours, by_dclab(inert_ratio.get_inert_ratio_cvx, contours))


def test_inert_ratio_prnc(batch, contours):
    ours = moments.inert_ratio_prnc(batch, moments.central_moments(batch, batch.points))
    theirs = by_dclab(inert_ratio.get_inert_ratio_prnc, contours)
    assert ours.dtype == np.float32
    assert_same(ours, theirs)


def test_tilt(batch, contours):
    ours = moments.tilt(moments.central_moments(batch, batch.points))
    assert_same(ours, by_dclab(inert_ratio.get_tilt, contours))


def test_volume(batch, contours):
    random = np.random.default_rng(1)
    pos_x = random.uniform(20, 70, len(STACK)) * PIXEL
    pos_y = random.uniform(20, 40, len(STACK)) * PIXEL
    theirs = volume.get_volume(contours, pos_x, pos_y, PIXEL)
    assert_same(fast_volume(batch, pos_x, pos_y, PIXEL), theirs)


def test_shapes_without_a_contour_have_no_values():
    stack = np.array(list(WITHOUT_CONTOUR.values()))
    batch = contours_from_masks(stack, bounding_boxes(stack))
    central = moments.central_moments(batch, batch.points)
    for values in (
        moments.inert_ratio(central),
        moments.inert_ratio_cvx(batch),
        moments.inert_ratio_prnc(batch, central),
        moments.tilt(central),
        fast_volume(batch, np.ones(len(stack)), np.ones(len(stack)), PIXEL),
    ):
        assert np.isnan(values).all()


# brightness


@pytest.fixture(scope="module")
def seen():
    images, backgrounds = pictures(len(STACK))
    return images, backgrounds, bounding_boxes(STACK)


def test_bright(seen):
    images, _, boxes = seen
    mean, deviation = brightness.mean_and_sd(brightness.histogram(images, STACK, boxes))
    theirs = bright.get_bright(STACK.astype(bool), images, ret_data="avg,sd")
    assert_same(mean, theirs[0])
    assert_same(deviation, theirs[1])


def corrected(seen):
    images, backgrounds, boxes = seen
    return brightness.corrected_histogram(images, STACK, backgrounds, boxes)


@pytest.mark.parametrize("offset", [0, 3.25])
def test_bright_bc(seen, offset):
    images, backgrounds, _ = seen
    mean, deviation = brightness.mean_and_sd(corrected(seen), -brightness.SHIFT)
    theirs = bright_bc.get_bright_bc(STACK.astype(bool), images, backgrounds, bg_off=offset)
    assert_same(mean - offset, theirs[0])
    assert_same(deviation, theirs[1])


def test_bright_perc(seen):
    images, backgrounds, _ = seen
    ours = brightness.percentiles(corrected(seen), (10, 90), -brightness.SHIFT)
    theirs = bright_perc.get_bright_perc(STACK.astype(bool), images, backgrounds)
    assert_same(ours[10], theirs[0])
    assert_same(ours[90], theirs[1])


def test_extreme_grey_values_do_not_overflow():
    mask = np.ones((1, 4, 4), dtype=np.uint8)
    boxes = bounding_boxes(mask)
    for image, background in ((0, 255), (255, 0), (255, 255)):
        counts = brightness.corrected_histogram(
            np.full_like(mask, image), mask, np.full_like(mask, background), boxes
        )
        mean, deviation = brightness.mean_and_sd(counts, -brightness.SHIFT)
        assert mean == image - background
        assert deviation == 0


def test_an_empty_mask_has_no_brightness():
    masks = np.zeros((1, 4, 4), dtype=np.uint8)
    counts = brightness.histogram(masks, masks, bounding_boxes(masks))
    assert np.isnan(brightness.mean_and_sd(counts)).all()
    assert np.isnan(brightness.percentiles(counts, (10,))[10])
