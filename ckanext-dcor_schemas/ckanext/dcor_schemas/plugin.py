"""Registration of the plugin with CKAN; everything it does is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import plugins
from ckan.lib.plugins import DefaultPermissionLabels
from ckan.plugins import toolkit as tk
from ckan.plugins.toolkit import blanket

from dcor_shared.pipeline.interface import IPipelineSteps

from ckanext.dcor_schemas import (
    auth,
    cli,
    csrf,
    feeds,
    group_activity,
    helpers,
    labels,
    media_types,
    no_local_files,
    pager,
    progress,
    publishing,
    schema,
    startup,
    steps,
    token_touch,
    validators,
    views,
)
from ckanext.dcor_schemas.editor import views as editor
from ckanext.dcor_schemas.logic.action import actions
from ckanext.dcor_schemas.mail import confirmation, new_users, outbox, starttls
from ckanext.dcor_schemas.uploads import registration

if TYPE_CHECKING:
    from collections.abc import Callable

    import click
    from flask import Blueprint

    from ckan import model
    from ckan.common import CKANConfig
    from ckan.types import Context, Schema

    from dcor_shared.pipeline.steps import Step


@blanket.config_declarations
class DCORSchemasPlugin(plugins.SingletonPlugin, tk.DefaultDatasetForm, DefaultPermissionLabels):
    """Data model and rules, registration of uploads, publishing."""

    plugins.implements(plugins.IActions)
    plugins.implements(plugins.IAuthFunctions)
    plugins.implements(plugins.IBlueprint)
    plugins.implements(plugins.IClick)
    plugins.implements(plugins.IConfigurer)
    plugins.implements(plugins.IDatasetForm)
    plugins.implements(plugins.IFeed, inherit=True)
    plugins.implements(plugins.IPackageController, inherit=True)
    plugins.implements(plugins.IPermissionLabels)
    plugins.implements(plugins.ISignal)
    plugins.implements(plugins.ITemplateHelpers)
    plugins.implements(plugins.IUploader, inherit=True)
    plugins.implements(plugins.IValidators)
    plugins.implements(IPipelineSteps)

    # IUploader

    def get_resource_uploader(self, data_dict: dict[str, Any]) -> no_local_files.NothingToUpload:
        """Files of resources go to the object store."""
        return no_local_files.NothingToUpload(data_dict)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add templates, files and assets, and do the start-up work."""
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "dcor_schemas")
        csrf.repair_csrf()
        pager.name_arrows()
        starttls.repair()
        token_touch.touch_at_most_once_a_minute()
        media_types.register()
        startup.complain_about_licenses(config)
        startup.complain_about_upload_user(config)
        startup.demand_sandbox(config)
        publishing.listen()
        group_activity.listen()

    def update_config_schema(self, schema: Schema) -> Schema:
        """Let sysadmins set the licence register when it is not configured."""
        return startup.editable_license_option(schema)

    # IActions, IAuthFunctions, IValidators, ITemplateHelpers, IBlueprint

    def get_actions(self) -> dict[str, Callable[..., Any]]:
        """Actions of the API and the links of CKAN's chains."""
        return actions()

    def get_auth_functions(self) -> dict[str, Callable[..., Any]]:
        """Who may do what."""
        return auth.auth_functions()

    def get_validators(self) -> dict[str, Callable[..., Any]]:
        """Validators of the data model and of registration."""
        return {
            **validators.validators(),
            "dcor_schemas_registration": registration.complete_resources,
        }

    def get_helpers(self) -> dict[str, Callable[..., Any]]:
        """Helpers for templates."""
        return {
            **helpers.template_helpers(),
            **progress.template_helpers(),
            **editor.template_helpers(),
        }

    def get_blueprint(self) -> list[Blueprint]:
        """The draft editor, and fragments of pages that update themselves."""
        return [views.blueprint, editor.blueprint, confirmation.blueprint]

    # IClick

    def get_commands(self) -> list[click.Command]:
        """Commands for administrators."""
        return cli.commands()

    # IDatasetForm

    def is_fallback(self) -> bool:
        """Every dataset without a type of its own is one of ours."""
        return True

    def package_types(self) -> list[str]:
        """No types of our own."""
        return []

    def create_package_schema(self) -> Schema:
        """Schema of new datasets."""
        return schema.create_schema(super().create_package_schema())

    def update_package_schema(self) -> Schema:
        """Schema of changed datasets."""
        return schema.update_schema(super().update_package_schema())

    def show_package_schema(self) -> Schema:
        """Schema of shown datasets."""
        return schema.show_schema(super().show_package_schema())

    def resource_validation_dependencies(self, package_type: str) -> list[str]:  # noqa: ARG002
        """Fields of a dataset that decide whether its resources are valid."""
        return ["state"]

    # IFeed

    def get_item_additional_fields(self, dataset_dict: dict[str, Any]) -> dict[str, Any]:
        """What an entry of a feed says of a dataset."""
        return feeds.item_fields(dataset_dict)

    # IPermissionLabels

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        """Labels that a reader needs one of."""
        return labels.dataset_labels(dataset_obj, super().get_dataset_labels(dataset_obj))

    def get_user_dataset_labels(self, user_obj: model.User | None) -> list[str]:
        """Labels that a user has."""
        return labels.user_labels(user_obj)

    # IPackageController

    def after_dataset_show(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Show a dataset as clients know it."""
        schema.present(pkg_dict)

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Note what has to be done after the commit."""
        publishing.note_new_resources(pkg_dict["id"])

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Note what has to be done after the commit."""
        publishing.note_new_resources(pkg_dict["id"])

    # ISignal: what is noted inside a transaction, and what is done after its commit

    def get_signal_subscriptions(self) -> dict[Any, list[Any]]:
        """Do what committed transactions asked for."""
        mail = {"receiver": outbox.send_soon, "sender": "user_create"}
        return {
            tk.signals.user_created: [new_users.note],
            tk.signals.action_succeeded: [publishing.after_action, mail],
        }

    # IPipelineSteps

    def get_pipeline_steps(self) -> list[Step]:
        """Steps settle, describe and hash."""
        return steps.pipeline_steps()

    def finish_leftovers(self) -> None:
        """Send the mail that nobody has sent yet."""
        outbox.send_waiting(time_limit=5)
