"""Users of the tests' sites."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """A user of the site and how programs show that they are that user."""

    id: str
    name: str
    token: str = field(repr=False)
    sysadmin: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """Headers of a request by this user."""
        return {"Authorization": self.token}
