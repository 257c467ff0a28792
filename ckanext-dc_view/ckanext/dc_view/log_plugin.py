"""Registration of the plugin ``dc_log_view`` in CKAN: logs and tables of measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p
from ckan.plugins import toolkit as tk

from ckanext.dc_view import page, viewing

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.types import Context


class DCLogViewPlugin(p.SingletonPlugin):
    """Logs and tables of measurements on the resource page; needs the plugin ``dc_view``."""

    p.implements(p.IConfigurer)
    p.implements(p.IResourceView, inherit=True)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates; the assets are those of ``dc_view``."""
        tk.add_template_directory(config, "templates")

    # IResourceView

    def info(self) -> dict[str, Any]:
        """The view's name and looks."""
        return viewing.info("dc_log_view", "DC Logs", icon="file-lines")

    def can_view(self, data_dict: dict[str, Any]) -> bool:
        """Whether a resource is a measurement of this site."""
        return viewing.can_view(data_dict)

    def setup_template_variables(
        self,
        context: Context,  # noqa: ARG002
        data_dict: dict[str, Any],
    ) -> dict[str, Any]:
        """The beginnings of logs and tables; the rest is fetched when it is looked at."""
        return page.log_variables(data_dict["resource"], data_dict["package"])

    def view_template(self, context: Context, data_dict: dict[str, Any]) -> str:  # noqa: ARG002
        """Name of the template."""
        return "dc_view_log.html"
