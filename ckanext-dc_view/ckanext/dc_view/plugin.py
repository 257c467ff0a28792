"""Registration of the plugin ``dc_view`` in CKAN; what it registers lives in the other modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline.interface import IPipelineSteps

from ckanext.dc_view import card, cli, measurements, page, reading, routes, steps, viewing
from ckanext.dc_view import config as options
from ckanext.dc_view.security import answers, jsonp, policy

if TYPE_CHECKING:
    from collections.abc import Callable

    import click
    from flask import Blueprint

    from ckan.common import CKANConfig
    from ckan.types import CKANApp, Context

    from dcor_shared.pipeline.steps import Step


@tk.blanket.config_declarations
class DCViewPlugin(p.SingletonPlugin):
    """Overview of measurements on the resource page: plot, images, metadata, preview."""

    p.implements(p.IBlueprint)
    p.implements(p.IClick)
    p.implements(p.IConfigurer)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IResourceView, inherit=True)
    p.implements(p.ITemplateHelpers)
    p.implements(IPipelineSteps)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add templates and assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "dc_view")

    # IMiddleware

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:  # noqa: ARG002
        """Let pages say what they may load, as the option has it; start what reads events.

        Scripts are answers to requests by other sites alone.
        """
        policy.parse_sources(options.content_security_sources())
        app.before_request(jsonp.refuse)
        app.after_request(answers.protect)
        reading.prepare()
        return app

    # IBlueprint, IClick, ITemplateHelpers, IPipelineSteps

    def get_blueprint(self) -> list[Blueprint]:
        """The routes below the resource page."""
        return [routes.dc_view]

    def get_commands(self) -> list[click.Command]:
        """The command ``ckan run-jobs-dc-view``."""
        return [cli.run_jobs_dc_view]

    def get_helpers(self) -> dict[str, Callable[..., Any]]:
        """What templates ask."""
        return {
            "dc_view_card_url": card.dc_view_card_url,
            "dc_view_is_measurement": measurements.is_measurement,
        }

    def get_pipeline_steps(self) -> list[Step]:
        """The step ``overview``."""
        return [steps.OVERVIEW]

    # IResourceView

    def info(self) -> dict[str, Any]:
        """The view's name and looks."""
        return viewing.info("dc_view", "DC Info", icon="microscope")

    def can_view(self, data_dict: dict[str, Any]) -> bool:
        """Whether a resource is a measurement of this site."""
        return viewing.can_view(data_dict)

    def setup_template_variables(
        self,
        context: Context,  # noqa: ARG002
        data_dict: dict[str, Any],
    ) -> dict[str, Any]:
        """Metadata, preview and state."""
        return page.overview_variables(data_dict["resource"], data_dict["package"])

    def view_template(self, context: Context, data_dict: dict[str, Any]) -> str:  # noqa: ARG002
        """Name of the template."""
        return "dc_view.html"
