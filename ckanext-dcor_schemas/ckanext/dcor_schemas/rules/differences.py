"""What a request would change in a stored dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: Keys of forms, and what the server computes whatever is sent.
_IGNORED = frozenset({"pkg_name", "metadata_modified", "save", "type"})
#: Keys of a resource that follow from its place in the list.
_PLACE_KEYS = frozenset({"position", "package_id", "metadata_modified"})


def is_empty(value: object) -> bool:
    """Whether a value says nothing."""
    return value is None or value in ("", [], {})


def as_bool(value: object) -> bool:
    """A truth value as CKAN reads it from forms and JSON."""
    if isinstance(value, str):
        return value.strip().lower() in {"true", "yes", "t", "y", "1", "on"}
    return bool(value)


def changed_fields(stored: Mapping[str, Any], submitted: Mapping[str, Any]) -> Iterator[str]:
    """Submitted keys whose values differ from the stored ones, in the order they were sent."""
    for key, value in submitted.items():
        if key in _IGNORED or key.startswith("_") or not _differs(key, value, stored):
            continue
        yield key


def _differs(key: str, value: Any, stored: Mapping[str, Any]) -> bool:
    if key == "tag_string":
        return not is_empty(value) and _words(value) != _tag_names(stored.get("tags"))
    old = stored.get(key)
    if is_empty(value) and is_empty(old):
        return False
    if key == "groups":
        return not same_groups(old, value)
    compare = _COMPARISONS.get(key)
    if compare:
        return not compare(old, value)
    if key == "owner_org":
        return value not in {old, (stored.get("organization") or {}).get("name")}
    return bool(old != value)


def _words(value: object) -> frozenset[str]:
    return frozenset(word.strip() for word in str(value).split(",") if word.strip())


def _entries(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _tag_names(tags: object) -> frozenset[str]:
    return frozenset(str(tag.get("name")) for tag in _entries(tags))


def _same_tags(old: object, new: object) -> bool:
    def identity(tags: object) -> set[tuple[str, str]]:
        return {(str(t.get("name")), str(t.get("vocabulary_id") or "")) for t in _entries(tags)}

    return identity(old) == identity(new)


def _same_extras(old: object, new: object) -> bool:
    def pairs(extras: object) -> dict[str, Any]:
        return {str(extra.get("key")): extra.get("value") for extra in _entries(extras)}

    return pairs(old) == pairs(new)


def group_reference(entry: object) -> str:
    """Id (or name) by which an entry of ``groups`` or ``packages`` refers to something."""
    if isinstance(entry, dict):
        return str(entry.get("id") or entry.get("name") or "")
    return str(entry)


def same_groups(old: object, new: object) -> bool:
    """Whether two lists of collections mean the same ones; entries go by id or by name."""
    known = {str(g["id"]): str(g["id"]) for g in _entries(old) if "id" in g}
    known |= {str(g["name"]): str(g["id"]) for g in _entries(old) if "id" in g and "name" in g}
    wanted = new if isinstance(new, list) else [new]
    return {known.get(group_reference(entry)) for entry in wanted} == set(known.values())


def same_resources(old: object, new: object) -> bool:
    """Whether two resource lists are the same, entry by entry."""
    stored, submitted = _entries(old), _entries(new)
    if not isinstance(new, list) or len(submitted) != len(new) or len(stored) != len(submitted):
        return False
    return all(
        before.get("id") == after.get("id") and not changed_resource_keys(before, after)
        for before, after in zip(stored, submitted, strict=True)
    )


def changed_resource_keys(stored: Mapping[str, Any], submitted: Mapping[str, Any]) -> list[str]:
    """Keys of a resource that are sent with another value; what is omitted does not count."""
    return [
        key
        for key, value in submitted.items()
        if key not in _PLACE_KEYS and not _same_value(stored.get(key), value)
    ]


def _same_value(old: Any, new: Any) -> bool:
    return bool(old == new) or (is_empty(old) and is_empty(new))


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "private": lambda old, new: as_bool(old) == as_bool(new),
    "tags": _same_tags,
    "extras": _same_extras,
    "resources": same_resources,
}
