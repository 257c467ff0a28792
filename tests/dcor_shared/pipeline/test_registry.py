"""Steps come in an order in which they can run, and contradictions are named."""

from __future__ import annotations

import pytest

from dcor_shared.pipeline.registry import (
    DuplicateStepError,
    StepCycleError,
    UnknownStepError,
    in_order,
    pairs,
)

from .building import step


def test_a_step_comes_after_the_steps_it_needs():
    steps = [step("c", needs=("a", "b")), step("b", needs=("a",)), step("a")]
    assert list(in_order(steps)) == ["a", "b", "c"]


def test_independent_steps_keep_the_order_of_their_declaration():
    assert list(in_order([step("b"), step("a"), step("c")])) == ["b", "a", "c"]


def test_two_steps_of_the_same_name_are_refused():
    with pytest.raises(DuplicateStepError, match="'a' is declared twice"):
        in_order([step("a"), step("a")])


def test_a_need_that_nobody_declares_is_refused():
    with pytest.raises(UnknownStepError, match="'a' needs 'b'"):
        in_order([step("a", needs=("b",))])


def test_steps_that_need_each_other_are_refused():
    with pytest.raises(StepCycleError, match="a, b"):
        in_order([step("c"), step("a", needs=("b",)), step("b", needs=("a",))])


def test_a_step_comes_after_those_it_only_wants_to_follow():
    assert list(in_order([step("b", after=("a", "unknown")), step("a")])) == ["a", "b"]


def test_needs_are_given_as_pairs():
    steps = in_order([step("a"), step("b", needs=("a",)), step("c", needs=("a", "b"))])
    assert pairs(steps, "needs") == (["b", "c", "c"], ["a", "a", "b"])
