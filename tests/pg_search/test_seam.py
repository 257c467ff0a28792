"""CKAN talks to PostgreSQL while the plugin is loaded, and to Solr otherwise."""

from __future__ import annotations

from ckanext.pg_search.connection import PgConnection


def test_all_of_ckan_uses_the_same_connection(ckan: None) -> None:
    from ckan.lib import search
    from ckan.lib.search import common, index, query

    for module in (search, common, index, query):
        assert isinstance(module.make_connection(), PgConnection)
        assert isinstance(module.make_connection(decode_dates=False), PgConnection)


def test_the_check_of_solrs_schema_is_content(tx: None) -> None:
    from ckan.lib import search

    assert search.check_solr_schema_version()
    assert search.is_available()


def test_without_the_plugin_ckan_talks_to_solr(ckan: None, monkeypatch) -> None:
    import pysolr

    from ckan import plugins
    from ckan.lib import search

    monkeypatch.setattr(plugins, "plugin_loaded", lambda name: name != "pg_search")
    connection = search.make_connection()
    assert isinstance(connection, pysolr.Solr)


def test_installing_twice_changes_nothing(ckan: None) -> None:
    from ckan.lib import search

    from ckanext.pg_search import seam

    before = search.make_connection, search.check_solr_schema_version
    seam.install()
    assert (search.make_connection, search.check_solr_schema_version) == before
