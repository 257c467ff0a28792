"""Adding resources to a draft: rules, validation, rows, hooks, index and commit as in CKAN."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan import authz, logic, model, plugins
from ckan.lib import plugins as lib_plugins
from ckan.lib.dictization import model_save
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas.auth.facts import facts_about
from ckanext.dcor_schemas.growth import indexing, present, shown
from ckanext.dcor_schemas.rules import NotAllowedError
from ckanext.dcor_schemas.rules.resource import check_new

if TYPE_CHECKING:
    from ckan.types import Context

    from ckanext.dcor_schemas.growth.present import Present
    from ckanext.dcor_schemas.growth.request import Growth


def add_resources(context: Context, growth: Growth) -> dict[str, Any] | None:
    """Add resources to a draft and commit.

    Returns
    -------
    dict
        The dataset as it is shown now; None if nothing was done, because it has to be done (or
        refused) by CKAN.
    """
    before = present.read(context, growth)
    if before is None or not _may(context, before.package, growth):
        return None
    registration = _Registration(context, before)
    data = registration.validated(growth)
    try:
        return None if data is None else registration.run(data)
    except _OtherChangeError:
        return None


class _OtherChangeError(Exception):
    """The rules change the dataset itself as well (an option changed since): CKAN has to do it."""


def _may(context: Context, package: model.Package, growth: Growth) -> bool:
    """Whether nothing speaks against it; what does is said by CKAN's way."""
    try:
        tk.check_access("package_revise", context, {"update": {"id": package.id}})
        if not (context.get("ignore_auth") or authz.is_sysadmin(context.get("user"))):
            facts = facts_about(context, package, set(growth.ids))
            for resource in growth.resources:
                check_new(resource, facts)
    except (tk.NotAuthorized, NotAllowedError):
        return False
    return True


@dataclass(frozen=True)
class _Registration:
    """New resources on their way into a draft.

    Attributes
    ----------
    outer
        The context of the call.
    before
        The draft as it was.
    """

    outer: Context
    before: Present

    def validated(self, growth: Growth) -> dict[str, Any] | None:
        """The dataset with the new resources only, after validation; None if it has errors."""
        dataset = {**self.before.custom, "resources": [dict(one) for one in growth.resources]}
        del dataset["metadata_modified"]
        plugin = lib_plugins.lookup_package_plugin(self.before.package.type)
        data, errors = lib_plugins.plugin_validate(
            plugin, self._context(), dataset, plugin.update_package_schema(), "package_update"
        )
        return None if errors else data

    def run(self, data: dict[str, Any]) -> dict[str, Any]:
        """Store validated resources and commit; the dataset as it is shown now.

        Raises
        ------
        _OtherChangeError
            If there is more to change; then nothing was written.
        """
        context = self._context()
        with model.Session.begin_nested():
            self._save(context, data)
            result = shown.after(self.outer, self.before)
            indexing.write(result)
        model.repo.commit()
        tk.signals.action_succeeded.send(
            "package_update", context=context, data_dict=data, result=result.custom
        )
        return result.custom

    def _save(self, context: Any, data: dict[str, Any]) -> None:
        """Write the rows and call the hooks of plugins."""
        package, new = self.before.package, data.pop("resources")
        _package, change = model_save.package_dict_save(data, context)
        if change:
            raise _OtherChangeError
        first = len(self.before.custom["resources"])
        for position, resource in enumerate(new, first):
            self._add(context, resource, position)
        package.metadata_modified = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        self._keep_owner()
        model.Session.flush()
        data["resources"] = [*self.before.custom["resources"], *new]
        for plugin in plugins.PluginImplementations(plugins.IPackageController):
            plugin.edit(package)
            plugin.after_dataset_update(context, data)
        model.Session.flush()

    def _add(self, context: Any, resource: dict[str, Any], position: int) -> None:
        resource["package_id"] = self.before.package.id
        row, _change = model_save.resource_dict_save(resource, context)
        row.position = position
        model.Session.add(row)

    def _keep_owner(self) -> None:
        """CKAN repairs the membership of the circle with every update."""
        package = self.before.package
        fresh = logic.fresh_context(self.outer, ignore_auth=True, defer_commit=True)
        data = {"id": package.id, "organization_id": package.owner_org}
        tk.get_action("package_owner_org_update")(fresh, data)

    def _context(self) -> Any:
        """The context as CKAN's action has it while it updates a dataset."""
        return {
            **self.outer,
            "session": model.Session,
            "package": self.before.package,
            "original_package": self.before.custom,
        }
