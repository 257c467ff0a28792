"""The plugin ``pg_search``: CKAN's search on PostgreSQL instead of Solr."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import plugins
from ckan.plugins import toolkit as tk

from ckanext.pg_search import seam

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.config_declarations
class PgSearchPlugin(plugins.SingletonPlugin):
    """Makes PostgreSQL the search engine of the site."""

    plugins.implements(plugins.IConfigurer)

    def update_config(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Take Solr's place, before CKAN checks its search engine."""
        seam.install()
