"""CKAN's configuration is complete, and every value arrives as it was meant."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from dcor_control.local import ini
from dcor_control.local.ceph import StoreCredentials
from dcor_control.local.secrets import load_or_create


@pytest.fixture
def facts():
    return ini.IniFacts(
        site_id="s",
        title="100 % DCOR",
        web_port=20000,
        database_url="postgresql://ckan:p%40ss@127.0.0.1:20001/ckan",
        redis_url="redis://:secret@127.0.0.1:20002/0",
        s3_endpoint="http://127.0.0.1:20003",
        bucket_name="circle-{organization_id}",
        storage=Path("/somewhere/storage"),
        scratch=Path("/somewhere/scratch"),
    )


@pytest.fixture
def options(facts, tmp_path):
    secrets = load_or_create(tmp_path / "secrets.toml")
    return ini.options(facts, secrets, StoreCredentials("a", "b", "c", "d", "uploader"))


def test_values_survive_interpolation(options):
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read_string(ini.render(options))
    found = dict(parser["app:main"])
    assert found["sqlalchemy.url"] == "postgresql://ckan:p%40ss@127.0.0.1:20001/ckan"
    assert found["ckan.site_title"] == "100 % DCOR"
    assert {name: value for name, value in options.items() if value} == {
        name: value for name, value in found.items() if value
    }


def test_clients_can_ask_for_everything_they_need(options):
    assert options["ckan.hide_version"] == "false"
    assert int(options["ckan.group_and_organization_list_all_fields_max"]) >= 1000
    assert int(options["ckan.search.rows_max"]) >= 1000


def test_licences_are_a_file_of_the_suite(options):
    scheme, _, path = options["licenses_group_url"].partition("://")
    assert scheme == "file"
    assert Path(path).is_file()


def test_no_dead_option_is_written(options):
    assert not [name for name in options if name.startswith("beaker.")]
    assert options["SECRET_KEY"] != options["WTF_CSRF_SECRET_KEY"]
