"""Who looks at which dataset, and what a way to try something is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.dcor_schemas import policy
from ckanext.dcor_schemas.policy import Action, Role, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dcor_schemas.auth.conftest import Cast

    Data = dict[str, Any]
    Request = tuple[str, Data]

#: Situation → (state, private).
SITUATIONS: dict[str, tuple[State, bool]] = {
    "draft": (State.DRAFT, True),
    "active private": (State.ACTIVE, True),
    "active public": (State.ACTIVE, False),
    "deleted": (State.DELETED, True),
}
#: Role of the test → role of the policy; being the creator gives no right by itself.
ROLES: dict[str, Role] = {role.value: role for role in Role if role != Role.COLLABORATOR_ADMIN} | {
    "creator": Role.STRANGER,
    "revoked token": Role.ANONYMOUS,
}
SYSADMIN = "sysadmin"
#: Who has uploaded the files that there are.
UPLOADER = Role.CIRCLE_EDITOR.value


@dataclass(frozen=True)
class Situation:
    """A dataset, and who looks at it.

    Attributes
    ----------
    state, private
        The dataset.
    role
        What the policy calls the person.
    name
        What the cast calls the person.
    """

    state: State
    private: bool
    role: Role
    name: str = ""

    @property
    def roles(self) -> frozenset[Role]:
        """Roles that count: a deleted dataset is in no collection and has no collaborators."""
        kept = self.state is not State.DELETED or self.role.value.startswith(("circle", "anon"))
        found = {self.role} if kept else set()
        return frozenset(found | ({Role.STRANGER} if self.role is not Role.ANONYMOUS else set()))

    def may(self, action: Action) -> bool:
        """What the policy says."""
        return policy.may(action, self.state, self.roles)

    @property
    def may_read(self) -> bool:
        """Whether the dataset can be read at all."""
        return self.may(Action.READ if self.private else Action.READ_PUBLIC)


@dataclass(frozen=True)
class Way:
    """One thing that can be tried.

    Attributes
    ----------
    name
        What it is.
    request
        Makes action and data for a dataset.
    allowed
        Whether the policy allows it (the answer may still be that the data are invalid).
    fast
        Whether it is part of the fast form of the matrix.
    """

    name: str
    request: Callable[[Data, Cast], Request]
    allowed: Callable[[Situation], bool]
    fast: bool = False


def never(_situation: Situation) -> bool:
    """Nobody but a sysadmin."""
    return False
