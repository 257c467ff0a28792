"""The index is part of CKAN's transaction and never disturbs it."""

from __future__ import annotations

import pysolr
import pytest

from ckanext.pg_search.errors import IndexNotReachableError, QueryTooLargeError

from .conftest import Index


def test_a_rollback_takes_the_index_along(index: Index) -> None:
    from ckan import model

    index.add("kept")
    model.Session.commit()
    index.add("lost")
    model.Session.rollback()
    assert index.names() == ["kept"]


def test_writing_never_commits_the_work_of_others(index: Index) -> None:
    from ckan import model

    from ckanext.pg_search.connection import PgConnection

    model.Session.add(model.Tag(name="unfinished"))
    model.Session.flush()
    PgConnection().add([{"index_id": index.site_id, "site_id": index.site_id}], commit=True)
    model.Session.rollback()
    assert model.Tag.by_name("unfinished") is None
    assert index.search().hits == 0


def test_commit_inside_a_savepoint_is_left_to_its_owner(index: Index) -> None:
    from ckan import model

    from ckanext.pg_search.connection import PgConnection

    nested = model.Session.begin_nested()
    index.add("inside")
    PgConnection().commit(waitSearcher=False)
    assert nested.is_active
    nested.rollback()
    assert index.names() == []


def test_a_failing_search_leaves_the_transaction_usable(index: Index) -> None:
    import sqlalchemy as sa

    from ckan import model

    from ckanext.pg_search import database

    model.Session.add(model.Tag(name="unfinished"))
    model.Session.flush()
    with pytest.raises(IndexNotReachableError), database.searching(1) as connection:
        connection.execute(sa.text("SELECT 1 / 0"))
    assert model.Tag.by_name("unfinished") is not None


def test_a_search_writes_nothing_that_waits_in_the_session(index: Index) -> None:
    from ckan import model

    waiting = model.Tag(name="waiting")
    model.Session.add(waiting)
    index.search()
    assert waiting in model.Session.new


def test_a_failing_write_leaves_nothing_and_the_transaction_usable(index: Index) -> None:
    from ckanext.pg_search.connection import PgConnection

    good = {"index_id": index.site_id, "site_id": index.site_id}
    with pytest.raises(pysolr.SolrError, match="index_id"):
        PgConnection().add([good, {"site_id": index.site_id}])
    assert index.search().hits == 0


def test_settings_of_a_search_end_with_it(index: Index) -> None:
    import sqlalchemy as sa

    from ckan import model

    def settings() -> tuple[str, str]:
        show = "SELECT current_setting('enable_seqscan'), current_setting('statement_timeout')"
        return tuple(model.Session.execute(sa.text(show)).one())

    before = settings()
    index.search()
    with pytest.raises(pysolr.SolrError):
        index.search(sort="name")
    assert settings() == before


def test_a_search_that_takes_too_long_is_ended(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy as sa

    from ckanext.pg_search import database

    with (
        pytest.raises(QueryTooLargeError, match="too long"),
        database.searching(0.01) as connection,
    ):
        connection.execute(sa.text("SELECT pg_sleep(5)"))
    assert index.names() == []


def test_removing_needs_exactly_one_description(index: Index) -> None:
    from ckanext.pg_search.connection import PgConnection

    index.add("a", organization="one")
    index.add("b", organization="two")
    with pytest.raises(ValueError, match="either"):
        PgConnection().delete()
    PgConnection().delete(q=f'+site_id:"{index.site_id}" AND +(id:"a" OR name:"a")')
    assert index.names() == ["b"]
    PgConnection().delete(id=f"{index.site_id}-b")
    assert index.names() == []


def test_one_site_never_sees_the_datasets_of_another(index: Index) -> None:
    index.add("ours")
    Index("another-site").add("theirs")
    assert index.names() == ["ours"]


def test_what_nobody_else_shares_is_committed_if_asked(index: Index) -> None:
    from ckan import model

    from ckanext.pg_search.connection import PgConnection

    PgConnection().add([{"index_id": index.site_id, "site_id": index.site_id}], commit=True)
    model.Session.rollback()
    assert index.search().hits == 1


def test_without_tables_a_search_says_what_to_do_and_there_is_nothing_to_remove(
    index: Index,
) -> None:
    import sqlalchemy as sa

    from ckan import model

    from ckanext.pg_search.connection import PgConnection

    model.Session.execute(sa.text("DROP TABLE pg_search_point, pg_search_document"))
    with pytest.raises(pysolr.SolrError, match="ckan db upgrade"):
        index.search()
    PgConnection().delete(q="*:*")
