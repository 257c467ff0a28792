"""Validators of the resources of a dataset: all of them at once, with few SQL statements.

CKAN hands over only the resources that changed, so what else the dataset has is read here.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import config_keys, messages, stored, supplements, text
from ckanext.dcor_schemas.rules.differences import is_empty
from ckanext.dcor_schemas.suffixes import SUPPORTED_SUFFIXES, suffix_of
from ckanext.dcor_schemas.validators.callers import is_unrestricted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

_ALLOWED_CHARACTERS = re.compile(r"[A-Za-z0-9.,\-_+()\[\]]")
_SUPPLEMENT_PREFIX = "sp:"


def new_resources(
    key: FlattenKey,  # noqa: ARG001
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
) -> None:
    """Ids and names of the resources of a new dataset."""
    _check_all(data, errors, context, {})


def changed_resources(
    key: FlattenKey,  # noqa: ARG001
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
) -> None:
    """Ids and names of the resources of a changed dataset."""
    if next(_indices(data), None) is None:
        return
    package = context.get("package")
    _check_all(data, errors, context, stored.resource_names(package.id) if package else {})


def _indices(data: FlattenDataDict) -> Iterator[int]:
    return iter(sorted({key[1] for key in data if key[0] == "resources" and len(key) > 1}))


def _check_all(
    data: FlattenDataDict, errors: FlattenErrorDict, context: Context, known: dict[str, str]
) -> None:
    indices = list(_indices(data))
    ids = {index: _text(data, index, "id") for index in indices}
    taken = stored.existing_resource_ids(i for i in ids.values() if i and i not in known)
    for index, resource_id in ids.items():
        _restore_name(data, index, known.get(resource_id))
        if resource_id and resource_id not in known:
            _complain(errors, index, "id", _problem_of_id(resource_id, taken))
    _check_names(data, errors, context, ids, known)


def _text(data: FlattenDataDict, index: int, name: str) -> str:
    value = data.get(("resources", index, name))
    return value if isinstance(value, str) else ""


def _complain(errors: FlattenErrorDict, index: int, name: str, problem: str) -> None:
    if problem:
        errors.setdefault(("resources", index, name), []).append(problem)


def _restore_name(data: FlattenDataDict, index: int, name: str | None) -> None:
    """The name is fixed from registration on, also when an update leaves it out."""
    if name and not _text(data, index, "name"):
        data["resources", index, "name"] = name


def _problem_of_id(resource_id: str, taken: frozenset[str]) -> str:
    if not text.is_uuid(resource_id):
        return "Must be a valid UUID (lower case, with dashes)"
    return messages.resource_id_exists(resource_id) if resource_id in taken else ""


def _check_names(
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
    ids: dict[int, str],
    known: dict[str, str],
) -> None:
    names = {index: _text(data, index, "name") for index in ids}
    if not is_unrestricted(context):
        others = Counter(name for other, name in known.items() if other not in set(ids.values()))
        seen: set[str] = set(others)
        for index, name in names.items():
            is_old = known.get(ids[index]) == name
            _complain(errors, index, "name", _problem_of_name(name, seen, is_old=is_old))
            seen.add(name)


def _problem_of_name(name: str, seen: set[str], *, is_old: bool) -> str:
    if not name:
        return tk._("Missing value")
    if not is_old and (problem := name_problem(name)):
        return problem
    return messages.name_exists(name) if name in seen else ""


def name_problem(name: str) -> str:
    """What is wrong with the name of a resource; empty if nothing is."""
    suffix = suffix_of(name)
    if suffix not in SUPPORTED_SUFFIXES:
        allowed = ", ".join(SUPPORTED_SUFFIXES)
        return f"Unsupported file suffix '{suffix}'; must be one of: {allowed}"
    offending = sorted(set(_ALLOWED_CHARACTERS.sub("", name)))
    if offending:
        listed = ", ".join(repr(character) for character in offending)
        return (
            f"Invalid characters in the name: {listed}; allowed are A-Z a-z 0-9 . , - _ + ( ) [ ]"
        )
    return ""


def metadata(
    key: FlattenKey,
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,  # noqa: ARG001
) -> None:
    """The fields of one resource beyond CKAN's own; empty ones vanish, whatever their names."""
    fields = data.get(key)
    if not isinstance(fields, dict):
        return
    kept: dict[str, Any] = {}
    for name, value in fields.items():
        try:
            parsed = _parse(name, value)
        except ValueError as error:
            _complain(errors, key[1], name, str(error))
            continue
        if not is_empty(parsed):
            kept[name] = parsed
    data[key] = kept


def _parse(name: str, value: Any) -> Any:
    if name in config_keys.CONFIG_KEYS:
        return None if value is None else config_keys.convert(name, value)
    item = supplements.section_items().get(name) if name.startswith(_SUPPLEMENT_PREFIX) else None
    return supplements.parse(item, value) if item else value
