"""Registration of the plugin ``dc_serve`` in CKAN; what it registers lives in the other modules."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
from ckan.plugins import toolkit as tk

from dcor_shared.pipeline.interface import IPipelineSteps

from ckanext.dc_serve import (
    actions,
    caching,
    calls,
    cli,
    helpers,
    records,
    rewriting,
    routes,
    steps,
)
from ckanext.dc_serve.kept.layer import KeptAnswers
from ckanext.dc_serve.waiting import connection
from ckanext.dc_serve.waiting.layer import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    import click
    from flask import Blueprint

    from ckan.common import CKANConfig
    from ckan.types import CKANApp

    from dcor_shared.pipeline.steps import Step


@tk.blanket.config_declarations
class DCServePlugin(p.SingletonPlugin):
    """Remote access to measurements: the dcserv API, download routes, condensed files."""

    p.implements(p.IActions)
    p.implements(p.IBlueprint)
    p.implements(p.IClick)
    p.implements(p.IConfigurer)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.ITemplateHelpers)
    p.implements(IPipelineSteps)

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates of this plugin and do the start-up work."""
        tk.add_template_directory(config, "templates")
        calls.spare_the_look_for_changed_options()

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:  # noqa: ARG002
        """Put layers around the application that keep answers and let requests wait."""
        # what was registered first is called last: after CKAN's own function
        functions = [caching.revalidate, calls.put_into_envelope]
        app.after_request_funcs.setdefault(None, [])[:0] = functions
        app.wsgi_app = KeptAnswers(app.wsgi_app)
        if (server := connection.server()) is not None:
            app.wsgi_app = waiting = Waiting(app.wsgi_app, server, records.pending)
            atexit.register(waiting.close)  # uWSGI runs it when it replaces a process
        return app

    def get_actions(self) -> dict[str, Callable[..., Any]]:
        """The action ``dcserv``."""
        return {"dcserv": actions.dcserv}

    def get_blueprint(self) -> list[Blueprint]:
        """The download routes."""
        return [routes.dc_serve]

    def get_commands(self) -> list[click.Command]:
        """The commands ``ckan run-jobs-dc-serve`` and ``ckan dcor-rewrite-condensed-basins``."""
        return [cli.run_jobs_dc_serve, rewriting.rewrite_condensed_basins]

    def get_helpers(self) -> dict[str, Callable[..., Any]]:
        """Functions that templates may call."""
        return helpers.get_helpers()

    def get_pipeline_steps(self) -> list[Step]:
        """The steps ``condense`` and ``link``."""
        return [steps.CONDENSE, steps.LINK]
