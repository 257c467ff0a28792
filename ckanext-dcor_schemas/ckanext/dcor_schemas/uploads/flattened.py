"""Resources as validators of a whole dataset see them: keys ``("resources", 0, "name")``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from ckan.types import FlattenDataDict, FlattenKey

_EXTRAS = "__extras"
_LENGTH = 3


@dataclass(frozen=True)
class FlattenedResource:
    """One resource inside a flattened dataset.

    Keys that are not in the schema are kept apart by CKAN until its own validators move them up;
    here they look like all others.
    """

    data: FlattenDataDict
    index: int

    def key(self, name: str) -> FlattenKey:
        """Flattened key of a field."""
        return ("resources", self.index, name)

    @property
    def id(self) -> str:
        """Id as sent; empty if there is none."""
        value = self.get("id")
        return value if isinstance(value, str) else ""

    def get(self, name: str) -> Any:
        """Value of a field, None if it was not sent."""
        value = self.data.get(self.key(name), tk.missing)
        if value is tk.missing:
            value = self._extras().get(name)
        return value

    def set(self, name: str, value: Any) -> None:
        """Set a field as if it had been sent."""
        if self.key(name) in self.data:
            self.data[self.key(name)] = value
        else:
            self.data[self.key(_EXTRAS)] = {**self._extras(), name: value}

    def drop(self, *names: str) -> None:
        """Forget fields as if they had not been sent."""
        for name in names:
            if self.key(name) in self.data:
                self.data[self.key(name)] = tk.missing
        extras = self._extras()
        if any(name in extras for name in names):
            kept = {name: value for name, value in extras.items() if name not in names}
            self.data[self.key(_EXTRAS)] = kept

    def _extras(self) -> dict[str, Any]:
        extras = self.data.get(self.key(_EXTRAS))
        return extras if isinstance(extras, dict) else {}


def flattened_resources(data: FlattenDataDict) -> list[FlattenedResource]:
    """All resources of a flattened dataset, in their order."""
    indexes = {key[1] for key in data if len(key) == _LENGTH and key[0] == "resources"}
    return [FlattenedResource(data, index) for index in sorted(indexes)]
