"""Links in the chains of CKAN's actions for tags: only tags of datasets that the caller may see.

A tag may say whose cells they are. The tags of a vocabulary are chosen by sysadmins and no secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, DataDict

    Action = Callable[[Context, DataDict], Any]


@tk.chained_action
@tk.side_effect_free
def tag_list(original: Action, context: Context, data_dict: DataDict) -> list[Any]:
    """List the tags of datasets that the caller may see."""
    return _of_page(original(context, _all(data_dict)), context, data_dict)[1]


@tk.chained_action
@tk.side_effect_free
def tag_autocomplete(original: Action, context: Context, data_dict: DataDict) -> list[Any]:
    """Find tags of datasets that the caller may see, by a part of their names."""
    return _of_page(original(context, _all(data_dict)), context, data_dict)[1]


@tk.chained_action
@tk.side_effect_free
def tag_search(original: Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Find tags of datasets that the caller may see, with their number."""
    found = original(context, _all(data_dict))["results"]
    count, results = _of_page(found, context, data_dict)
    return {"count": count, "results": results}


@tk.chained_action
@tk.side_effect_free
def tag_show(original: Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a tag, if the caller may see a dataset that has it."""
    shown: dict[str, Any] = original(context, data_dict)
    if shown.get("vocabulary_id") or _visible([shown], context):
        return shown
    raise tk.ObjectNotFound


def _all(data_dict: DataDict) -> DataDict:
    """The same question for all pages: what is hidden must not count."""
    return {key: value for key, value in data_dict.items() if key not in {"limit", "offset"}}


def _of_page(tags: list[Any], context: Context, data_dict: DataDict) -> tuple[int, list[Any]]:
    """Number of tags that the caller may see, and those of the page that was asked for."""
    if "vocabulary_id" not in data_dict:
        tags = _visible(tags, context)
    start, limit = _number(data_dict, "offset") or 0, _number(data_dict, "limit")
    return len(tags), tags[start : None if limit is None else start + limit]


def _visible(tags: list[Any], context: Context) -> list[Any]:
    if not tags or visible.sees_everything(context):
        return tags
    names = visible.tag_names(context)
    return [tag for tag in tags if (tag["name"] if isinstance(tag, dict) else tag) in names]


def _number(data_dict: DataDict, key: str) -> int | None:
    value = data_dict.get(key)
    if value is None or value == "":
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise tk.ValidationError({key: ["Must be a natural number"]})
    return number
