"""What the API shows of a dataset after some resources were added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan import logic, plugins
from ckan.lib import plugins as lib_plugins
from ckan.logic.schema import default_show_package_schema

from ckanext.dcor_schemas.growth import present

if TYPE_CHECKING:
    from ckan.types import Context, Schema

    from ckanext.dcor_schemas.growth.present import Present

    _Entries = list[dict[str, Any]]


@dataclass(frozen=True)
class Shown:
    """The dataset in both forms that CKAN keeps.

    Attributes
    ----------
    default, custom
        The whole dataset.
    part
        `default` with nothing but the new resources.
    """

    default: dict[str, Any]
    custom: dict[str, Any]
    part: dict[str, Any]


def after(context: Context, before: Present) -> Shown:
    """Show the dataset with the resources that were added; only these are validated."""
    fresh = logic.fresh_context(context, ignore_auth=True, use_cache=False, validate=False)
    fresh["package"] = before.package
    count = len(before.default["resources"])
    entries = present.dictized(before.package.id, count, fresh)
    for plugin in plugins.PluginImplementations(plugins.IResourceController):
        for entry in entries:
            plugin.before_resource_show(entry)
    changed = {
        "metadata_modified": before.package.metadata_modified.isoformat(),
        "num_resources": count + len(entries),
    }
    default = _default_form(fresh, before.default | changed, entries)
    custom = _extended(_custom_form(fresh, before.custom | changed, entries), before.custom)
    logic.apply_after_dataset_show_plugins(fresh, custom)
    return Shown(_extended(default, before.default), custom, default)


def _default_form(context: Context, dataset: dict[str, Any], entries: _Entries) -> dict[str, Any]:
    return _with_valid(context, object(), default_show_package_schema(), dataset, entries)


def _custom_form(context: Context, dataset: dict[str, Any], entries: _Entries) -> dict[str, Any]:
    plugin = lib_plugins.lookup_package_plugin(dataset["type"])
    return _with_valid(context, plugin, plugin.show_package_schema(), dataset, entries)


def _with_valid(
    context: Context, plugin: Any, schema: Schema, dataset: dict[str, Any], entries: _Entries
) -> dict[str, Any]:
    """The dataset with these resources alone, after a schema of shown datasets.

    The dataset itself was validated when it was shown last: only the resources are taken.
    """
    given = {**dataset, "resources": [dict(entry) for entry in entries]}
    valid, _errors = lib_plugins.plugin_validate(plugin, context, given, schema, "package_show")
    return {**dataset, "resources": valid["resources"]}


def _extended(part: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    return {**part, "resources": [*before["resources"], *part["resources"]]}
