"""All declared steps, in an order in which they may run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from ckan import plugins

from dcor_shared.pipeline.interface import IPipelineSteps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dcor_shared.pipeline.steps import Step


class StepDeclarationError(Exception):
    """The steps that the plugins declare do not fit together."""


class DuplicateStepError(StepDeclarationError):
    """Two plugins declare a step of the same name."""


class UnknownStepError(StepDeclarationError):
    """A step needs another one that no plugin declares."""


class StepCycleError(StepDeclarationError):
    """Steps need each other in a circle."""


class _Cache:
    """The steps of the plugins that were loaded when they were last asked for."""

    def __init__(self) -> None:
        self.key: tuple[tuple[str, int], ...] | None = None
        self.steps: dict[str, Step] = {}
        self.replacement: dict[str, Step] | None = None


_cache = _Cache()


def all_steps() -> dict[str, Step]:
    """Every declared step by name; a step comes after the steps it needs.

    The answer is kept until other plugins are loaded.

    Raises
    ------
    StepDeclarationError
        One of its subclasses, when the declarations contradict each other.
    """
    if _cache.replacement is not None:
        return dict(_cache.replacement)
    implementations = list(plugins.PluginImplementations(IPipelineSteps))
    key = tuple((plugin.name, id(plugin)) for plugin in implementations)
    if key != _cache.key:
        declared = [step for plugin in implementations for step in plugin.get_pipeline_steps()]
        _cache.steps = in_order(declared)
        _cache.key = key
    return dict(_cache.steps)


@contextmanager
def replaced(steps: dict[str, Step]) -> Iterator[None]:
    """Within the block these steps, in order, take the place of those of the plugins."""
    before, _cache.replacement = _cache.replacement, steps
    try:
        yield
    finally:
        _cache.replacement = before


def pairs(steps: dict[str, Step], kind: Literal["needs", "after"]) -> tuple[list[str], list[str]]:
    """All pairs of a step and one that it needs (or comes after), as two lists (for SQL)."""
    found = [(step.name, other) for step in steps.values() for other in getattr(step, kind)]
    return [name for name, _other in found], [other for _name, other in found]


def in_order(declared: Iterable[Step]) -> dict[str, Step]:
    """Steps by name, each after the steps it needs, otherwise as declared.

    Raises
    ------
    DuplicateStepError, UnknownStepError, StepCycleError
        When the declarations contradict each other.
    """
    waiting = _by_name(declared)
    _check_needs(waiting)
    ordered: dict[str, Step] = {}
    while waiting:
        ready = [step for step in waiting.values() if not waiting.keys() & _earlier(step)]
        if not ready:
            names = ", ".join(sorted(waiting))
            raise StepCycleError(f"The steps {names} wait for each other; remove a need.")
        for step in ready:
            ordered[step.name] = waiting.pop(step.name)
    return ordered


def _earlier(step: Step) -> set[str]:
    return {*step.needs, *step.after}


def _by_name(declared: Iterable[Step]) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    for step in declared:
        if step.name in steps:
            raise DuplicateStepError(f"The step '{step.name}' is declared twice; rename one.")
        steps[step.name] = step
    return steps


def _check_needs(steps: dict[str, Step]) -> None:
    for step in steps.values():
        for need in step.needs:
            if need not in steps:
                raise UnknownStepError(
                    f"The step '{step.name}' needs '{need}', which no loaded plugin declares; "
                    "load that plugin or correct the name."
                )
