"""The seam between CKAN and its search engine.

CKAN reaches Solr through one function, ``make_connection``, of which four modules have a copy of
the name. Here each is replaced by a function that gives a connection to PostgreSQL while pg_search
is the engine of the site, and CKAN's own otherwise.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from ckan import plugins
from ckan.lib import search
from ckan.lib.search import common, index
from ckan.lib.search import query as search_query

from ckanext.pg_search.connection import PgConnection

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_MODULES: tuple[ModuleType, ...] = (search, common, index, search_query)


def is_active() -> bool:
    """Tell whether pg_search is the search engine of the site."""
    return plugins.plugin_loaded("pg_search")


def install() -> None:
    """Put pg_search between CKAN and Solr. Doing it again changes nothing."""
    if hasattr(common.make_connection, "__wrapped__"):
        return
    connect = _connecting(common.make_connection)
    for module in _MODULES:
        module.make_connection = connect  # type: ignore[attr-defined]
    search.check_solr_schema_version = _checking(search.check_solr_schema_version)


def _connecting(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def make_connection(decode_dates: bool = True) -> Any:  # noqa: FBT001, FBT002
        if is_active():
            return PgConnection(decode_dates=decode_dates)
        return original(decode_dates)

    return make_connection


def _checking(original: Callable[..., bool]) -> Callable[..., bool]:
    @wraps(original)
    def check_solr_schema_version(schema_file: str | None = None) -> bool:
        """Accept the engine if it is PostgreSQL; files are checked as CKAN does."""
        return True if schema_file is None and is_active() else original(schema_file)

    return check_solr_schema_version
