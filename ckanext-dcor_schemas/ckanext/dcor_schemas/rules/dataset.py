"""What may be changed in a dataset: the checks of ``package_update``, in their fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.dcor_schemas import licences, messages, policy
from ckanext.dcor_schemas.policy import Action, Right, Role, State
from ckanext.dcor_schemas.rules import NotAllowedError
from ckanext.dcor_schemas.rules.differences import as_bool, changed_fields
from ckanext.dcor_schemas.rules.resource import ResourceFacts, check_resources

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Change:
    """A request to change a dataset, with all facts that decide about it.

    Attributes
    ----------
    stored
        The dataset as it is.
    submitted
        What was sent; keys that are absent stay as they are.
    roles
        What the user is to the dataset.
    resources
        Facts about the submitted resources.
    public_allowed
        Whether this site has public datasets at all.
    """

    stored: Mapping[str, Any]
    submitted: Mapping[str, Any]
    roles: frozenset[Role]
    resources: ResourceFacts
    public_allowed: bool = True

    @property
    def state(self) -> State:
        """Stored state of the dataset."""
        state = self.stored.get("state")
        return State(state) if state in set(State) else State.ACTIVE

    def require(self, right: Right, what: str) -> None:
        """Refuse unless the user holds the right."""
        if not policy.holds(right, self.roles):
            raise NotAllowedError(messages.CIRCLE_RIGHT.format(what))


def check_change(change: Change) -> None:
    """Check a change of a dataset by somebody who holds the edit right.

    Raises
    ------
    NotAllowedError
        For the first rule that is broken.
    """
    if isinstance(change.submitted.get("resources"), list):
        stored = change.stored.get("resources") or []
        check_resources(stored, change.submitted["resources"], change.resources)
    _check_frozen(change)
    _check_license(change)
    _check_state(change)
    _check_visibility(change)
    _check_name(change)


def _check_frozen(change: Change) -> None:
    own_rules = policy.LOOSENED_FIELDS | ({"name"} if change.state is State.DRAFT else set())
    for key in changed_fields(change.stored, change.submitted):
        needed = policy.needed_for_field(key, change.state)
        if key in own_rules or policy.holds(needed, change.roles):
            continue
        if key in policy.RELATIONSHIPS:
            raise NotAllowedError(messages.RELATED_BY_SYSADMIN)
        if change.state is State.DRAFT:
            raise NotAllowedError(messages.CIRCLE_RIGHT.format(f"Changing '{key}'"))
        raise NotAllowedError(messages.not_for_non_draft(key))


def _check_license(change: Change) -> None:
    wanted = change.submitted.get("license_id")
    current = change.stored.get("license_id") or licences.NO_LICENSE
    if not wanted or wanted == current or not isinstance(wanted, str):
        return  # what is no text is the validator's business
    if wanted not in licences.allowed_targets(current):
        raise NotAllowedError(messages.NO_STRICTER_LICENSE)
    change.require(policy.needed_for_field("license_id", change.state), "Changing the licence")


def _check_state(change: Change) -> None:
    wanted = change.submitted.get("state")
    if not isinstance(wanted, str) or wanted not in set(State) or wanted == change.state:
        return  # unknown values are the validator's business
    if wanted == State.DRAFT:
        raise NotAllowedError(messages.NO_WAY_BACK_TO_DRAFT)
    if change.state is not State.DRAFT or wanted != State.ACTIVE:
        raise NotAllowedError(messages.OUTSIDE_DRAFT.format(wanted))
    if not policy.may(Action.ACTIVATE, change.state, change.roles):
        raise NotAllowedError(messages.CIRCLE_RIGHT.format("Activating"))


def _check_visibility(change: Change) -> None:
    if change.submitted.get("private") is None:
        return  # stays as it is, or becomes private where nothing may be public
    stored, wanted = as_bool(change.stored.get("private")), as_bool(change.submitted["private"])
    if not change.public_allowed:
        if not wanted:
            raise NotAllowedError(messages.NO_PUBLIC_UPDATE)
        return
    if wanted and not stored:
        raise NotAllowedError(messages.NO_WAY_BACK_TO_PRIVATE)
    if stored and not wanted:
        change.require(policy.needed_for_field("private", change.state), "Making a dataset public")


def _check_name(change: Change) -> None:
    wanted = change.submitted.get("name")
    if wanted is not None and wanted != change.stored.get("name"):
        raise NotAllowedError(messages.editing_not_allowed({"name": wanted}))
