"""What a benchmark says at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Outcome:
    """The ratio that was measured, and what it should be.

    Attributes
    ----------
    ratio
        The figure that counts; by what it is compared says the benchmark.
    goal
        What it should be.
    better
        ``higher``: the ratio has to reach the goal; ``lower``: it must not exceed it.
    problems
        Further conditions that are not met, in words; the goal counts as missed with any.
    """

    ratio: float
    goal: float
    better: Literal["higher", "lower"] = "higher"
    problems: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached and every condition holds."""
        reached = self.ratio >= self.goal if self.better == "higher" else self.ratio <= self.goal
        return reached and not self.problems
