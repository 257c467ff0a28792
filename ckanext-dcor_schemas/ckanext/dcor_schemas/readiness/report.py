"""The judgement over a draft: problems, which prevent its activation, and hints, which do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ckanext.dcor_schemas import messages
from ckanext.dcor_schemas.activation import STILL_RUNNING, Check, Verdict, overall
from ckanext.dcor_schemas.policy import State
from ckanext.dcor_schemas.suffixes import is_measurement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ckanext.dcor_schemas.supplements import Section

_TRANSITIONS = {
    State.ACTIVE: "The dataset is active already",
    State.DELETED: "The dataset was deleted; only a sysadmin can bring it back",
}


@dataclass(frozen=True)
class Facts:
    """What is known of a dataset and its resources.

    Attributes
    ----------
    dataset
        The dataset as the API shows it.
    checks
        The checks of its measurements, by resource id.
    files
        What is wrong with files on the object store, by resource id.
    licenses
        Ids of the licences that may be chosen.
    sections
        The supplement schema.
    """

    dataset: Mapping[str, Any]
    checks: Mapping[str, Check]
    files: Mapping[str, str]
    licenses: Sequence[str]
    sections: Sequence[Section]


@dataclass(frozen=True)
class ResourceReport:
    """The judgement over one resource."""

    id: str
    name: str
    size: int | None
    check: str
    problems: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The judgement over a dataset; `problems` are those of the dataset as a whole."""

    id: str
    name: str
    state: str
    problems: tuple[str, ...]
    resources: tuple[ResourceReport, ...] = field(default_factory=tuple)

    @property
    def ready(self) -> bool:
        """Whether the dataset could be activated now."""
        return not self.problems and not any(one.problems for one in self.resources)


def judge(facts: Facts) -> Report:
    """What prevents the activation of a dataset, and what could be better."""
    dataset = facts.dataset
    state = State(dataset["state"]) if dataset.get("state") in set(State) else State.ACTIVE
    resources = tuple(_judge_resource(one, facts) for one in dataset.get("resources") or ())
    if state is not State.DRAFT:
        problems: tuple[str, ...] = (_TRANSITIONS[state],)
        return Report(dataset["id"], dataset["name"], str(state), problems, resources)
    return Report(
        dataset["id"],
        dataset["name"],
        str(state),
        tuple(_problems_of_dataset(facts)),
        resources,
    )


def _problems_of_dataset(facts: Facts) -> list[str]:
    dataset = facts.dataset
    problems = []
    if not dataset.get("authors"):
        problems.append("The dataset has no authors")
    if dataset.get("license_id") not in facts.licenses:
        problems.append(messages.choose_license(facts.licenses))
    problems += [messages.name_exists(name) for name in _repeated_names(dataset)]
    return problems + _problems_of_content(facts)


def _repeated_names(dataset: Mapping[str, Any]) -> list[str]:
    names = Counter(one.get("name") or "" for one in dataset.get("resources") or ())
    return [name for name, number in names.items() if name and number > 1]


def _problems_of_content(facts: Facts) -> list[str]:
    if not facts.dataset.get("resources"):
        return [messages.NO_RESOURCES]
    verdict = overall(facts.checks.values())
    if verdict is Verdict.PENDING:
        return [STILL_RUNNING]
    return [messages.NO_MEASUREMENT] if verdict is Verdict.INVALID else []


def _judge_resource(resource: Mapping[str, Any], facts: Facts) -> ResourceReport:
    resource_id, name = resource["id"], resource.get("name") or ""
    check = facts.checks.get(resource_id)
    measured = is_measurement(name)
    problems = ["" if name else "The resource has no name", facts.files.get(resource_id, "")]
    hints = []
    if measured:
        hints = [_hint_of_check(check), _hint_of_supplements(resource, facts.sections)]
    return ResourceReport(
        id=resource_id,
        name=name,
        size=resource.get("size"),
        check=str(check.verdict.value) if measured and check else "none",
        problems=tuple(text for text in problems if text),
        hints=tuple(text for text in hints if text),
    )


def _hint_of_check(check: Check | None) -> str:
    """A measurement that is not valid is kept, as long as another one is."""
    if check is None or check.verdict is Verdict.VALID:
        return ""
    if check.verdict is Verdict.PENDING:
        return "The check of this measurement is still running"
    return f"This is not a valid measurement: {check.reason or 'it was not checked'}"


def _hint_of_supplements(resource: Mapping[str, Any], sections: Sequence[Section]) -> str:
    empty = [
        section.name
        for section in sections
        if section.applies_to(resource) and not section.is_begun(resource)
    ]
    return f"Nothing is said yet about: {', '.join(empty)}" if empty else ""
