"""Strategies: everything that somebody may try to change in a dataset, in every shape."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]

_WORDS = st.text(st.sampled_from("abÄ µ/:,-_.1"), max_size=12)
_EMPTY = st.sampled_from([None, "", [], {}])
_RESOURCE_KEYS = (
    "name",
    "description",
    "url",
    "size",
    "etag",
    "sha256",
    "s3_available",
    "s3_url",
    "mimetype",
    "format",
    "state",
    "position",
    "package_id",
    "dc:setup:medium",
    "dc:experiment:event count",
    "sp:chip:maker",
    "sp:general:sample type",
    "sp:nonsense:key",
    "other",
)


def _one_of_words(*words: Any) -> st.SearchStrategy[Any]:
    return st.one_of(st.sampled_from(words), _WORDS, _EMPTY)


_RELATIONSHIPS = st.one_of(
    _EMPTY,
    st.just([{"subject": "x", "object": "x", "type": "depends_on", "comment": "said later"}]),
)
#: Field of a dataset → values that are tried.
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": _one_of_words("Other"),
    "name": _one_of_words("other-name"),
    "notes": _one_of_words("Other"),
    "authors": _one_of_words("Somebody Else"),
    "doi": _one_of_words("10.1000/99"),
    "references": _one_of_words("doi:10.1000/99"),
    "license_id": _one_of_words("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "none"),
    "private": st.sampled_from([True, False, "True", "false", None, "", 0, 1]),
    "state": st.sampled_from(["draft", "active", "deleted", "foo", None, ""]),
    "owner_org": st.sampled_from(["", None, "no-such-circle"]),
    "tags": st.one_of(
        _EMPTY, st.lists(st.fixed_dictionaries({"name": st.sampled_from(["blood", "beads"])}))
    ),
    "tag_string": _one_of_words("beads"),
    "extras": st.one_of(
        _EMPTY,
        st.lists(
            st.fixed_dictionaries(
                {"key": st.sampled_from(["a", "doi", "authors", "title"]), "value": _WORDS}
            ),
            max_size=2,
        ),
    ),
    "groups": _EMPTY,
    "type": _one_of_words("harvest"),
    "creator_user_id": _one_of_words("somebody"),
    "metadata_created": st.sampled_from(["2001-01-01T00:00:00", ""]),
    "metadata_modified": st.sampled_from(["2001-01-01T00:00:00", "", None]),
    "version": _WORDS,
    "url": _WORDS,
    "author": _WORDS,
    "relationships_as_subject": _RELATIONSHIPS,
    "relationships_as_object": _RELATIONSHIPS,
    "plugin_data": st.sampled_from([{"a": 1}, None, ""]),
    "pkg_name": _WORDS,
    "resources": _EMPTY,
}


def _chosen(name: str) -> st.SearchStrategy[tuple[str, Any]]:
    return st.tuples(st.just(name), FIELDS[name])


_FIELD_CHANGES = st.lists(
    st.sampled_from(sorted(FIELDS)).flatmap(_chosen), min_size=1, max_size=3
).map(dict)
_RESOURCE_CHANGES = st.dictionaries(
    st.sampled_from(_RESOURCE_KEYS),
    st.one_of(_WORDS, _EMPTY, st.integers(-3, 3), st.booleans()),
    min_size=1,
    max_size=3,
)
_FILTERS = st.lists(
    st.sampled_from(
        [
            *("-resources__0", "-resources__*", "-title", "-*", "-extras", "+title", "-doi"),
            *("-resources__0__description", "-resources__*__description"),
            *("-resources__1__sp:chip:maker", "-resources__*__sp:chip:maker"),
            *("-resources__*__etag", "-resources__*__metadata_modified", "+resources__*__id"),
        ]
    ),
    max_size=3,
)


@dataclass(frozen=True)
class Attempt:
    """One request that tries to change a dataset.

    Attributes
    ----------
    role
        Who tries it.
    way
        Which action, in which shape.
    fields, resource
        Changes of the dataset and of its first resource.
    dropped
        Keys that a full update leaves out.
    filters
        Patterns for ``package_revise``.
    """

    role: str
    way: str
    fields: Data
    resource: Data
    dropped: tuple[str, ...]
    filters: tuple[str, ...]

    def request(self, dataset: Data) -> tuple[str, Data]:
        """Action and parameters, for a dataset as it is shown at this moment."""
        maker = getattr(self, f"_{self.way}")
        made: tuple[str, Data] = maker(dataset)
        return made

    def _patch(self, dataset: Data) -> tuple[str, Data]:
        return "package_patch", {"id": dataset["name"]} | self.fields

    def _update(self, dataset: Data) -> tuple[str, Data]:
        kept = {key: value for key, value in dataset.items() if key not in self.dropped}
        return "package_update", kept | {"id": dataset["id"]} | self.fields

    def _update_resource_list(self, dataset: Data) -> tuple[str, Data]:
        first, *others = dataset["resources"] or [{}]
        kept = {key: value for key, value in first.items() if key not in self.dropped}
        return "package_update", dataset | {"resources": [*others, kept | self.resource]}

    def _update_less(self, dataset: Data) -> tuple[str, Data]:
        return "package_update", dataset | {"resources": self._with_less(dataset)}

    def _patch_less(self, dataset: Data) -> tuple[str, Data]:
        return "package_patch", {"id": dataset["id"], "resources": self._with_less(dataset)}

    def _with_less(self, dataset: Data) -> list[Data]:
        """All resources, without some of their keys or with nothing but their ids."""
        keys = set(self.dropped) or set().union(*dataset["resources"])
        kept = [set(resource) - keys | {"id"} for resource in dataset["resources"]]
        return [
            {key: resource[key] for key in names}
            for resource, names in zip(dataset["resources"], kept, strict=True)
        ]

    def _revise(self, dataset: Data) -> tuple[str, Data]:
        given: Data = {"match": {"id": dataset["id"]}, "update": self.fields}
        if self.filters:
            given["filter"] = list(self.filters)
        return "package_revise", given

    def _revise_flat(self, dataset: Data) -> tuple[str, Data]:
        flat = {f"update__{key}": _flat(value) for key, value in self.fields.items()}
        return "package_revise", {"match__name": dataset["name"], **flat}

    def _revise_resource(self, dataset: Data) -> tuple[str, Data]:
        return "package_revise", {
            "match__id": dataset["id"],
            "update__resources__0": self.resource,
        }

    def _revise_extend(self, dataset: Data) -> tuple[str, Data]:
        return "package_revise", {
            "match": {"id": dataset["id"]},
            "update__resources__extend": [self.resource],
        }

    def _resource_patch(self, dataset: Data) -> tuple[str, Data]:
        return "resource_patch", self.resource | {"id": _first(dataset)}

    def _resource_update(self, dataset: Data) -> tuple[str, Data]:
        return "resource_update", self.resource | {"id": _first(dataset)}

    def _resource_create(self, dataset: Data) -> tuple[str, Data]:
        return "resource_create", self.resource | {"package_id": dataset["id"]}

    def _resource_delete(self, dataset: Data) -> tuple[str, Data]:
        return "resource_delete", {"id": _first(dataset)}

    def _delete(self, dataset: Data) -> tuple[str, Data]:
        return "package_delete", {"id": dataset["id"]}

    def _purge(self, dataset: Data) -> tuple[str, Data]:
        return "dataset_purge", {"id": dataset["id"]}

    def _owner(self, dataset: Data) -> tuple[str, Data]:
        where = {"id": dataset["id"], "organization_id": dataset["owner_org"]}
        return "package_owner_org_update", where

    def _relate(self, dataset: Data) -> tuple[str, Data]:
        where = {"subject": dataset["id"], "object": dataset["id"], "type": "depends_on"}
        return "package_relationship_create", where | {"comment": "said later"}

    def _reorder(self, dataset: Data) -> tuple[str, Data]:
        order = [resource["id"] for resource in dataset["resources"]][::-1]
        return "package_resource_reorder", {"id": dataset["id"], "order": order}


def _first(dataset: Data) -> str:
    return str(dataset["resources"][0]["id"]) if dataset["resources"] else "none"


def _flat(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


_WAYS = sorted(
    name.removeprefix("_")
    for name in vars(Attempt)
    if name.startswith("_") and not name.startswith("__") and name != "_with_less"
)


def attempts(*roles: str) -> st.SearchStrategy[list[Attempt]]:
    """Sequences of requests by people in these roles."""
    keys = [*FIELDS, "etag", "sha256", "size", "url", "description", "sp:chip:maker", "id"]
    one = st.builds(
        Attempt,
        role=st.sampled_from(roles),
        way=st.sampled_from(_WAYS),
        fields=_FIELD_CHANGES,
        resource=_RESOURCE_CHANGES,
        dropped=st.lists(st.sampled_from(keys), max_size=4, unique=True).map(tuple),
        filters=_FILTERS.map(tuple),
    )
    return st.lists(one, min_size=1, max_size=6)
