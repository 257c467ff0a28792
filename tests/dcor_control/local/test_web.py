"""The settings of the web server that others rely on."""

from __future__ import annotations

import configparser
import os

import pytest

from dcor_control.local import listener, web
from dcor_control.local.account import Account
from dcor_control.local.layout import Layout


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path, Account("me", os.geteuid(), os.getegid()))
    layout.make_folders()
    return layout


@pytest.fixture
def settings(layout):
    web.programs(layout, 20000, processes=2)
    parser = configparser.RawConfigParser()
    parser.read(layout.conf / "uwsgi.ini")
    return parser["uwsgi"]


def test_nothing_listens_outside_of_this_machine(settings, layout):
    assert settings["http"] == f"fd://{listener.DESCRIPTOR}"
    command = web.programs(layout, 20000, processes=2)[0].command
    assert command[1:5] == ["-m", listener.__name__, "127.0.0.1", "20000"]
    assert settings["socket"].startswith("/")


def test_ckan_is_loaded_by_every_process_for_itself(settings):
    assert settings["lazy-apps"] == "true"


def test_threads_of_a_request_go_on_after_its_answer(settings):
    assert settings["enable-threads"] == "true"


def test_the_log_has_no_room_for_queries(settings):
    assert "%(uri)" not in settings["log-format"]
    assert "%(path)" in settings["log-format"]
