"""dclab opens resources of others, of one's own, and none that are private."""

from __future__ import annotations

import dclab
import pytest
from dclab.rtdc_dataset.fmt_dcor import RTDC_DCOR
from dclab.rtdc_dataset.fmt_dcor.api import DCORAccessError

from tests.clients.remote_dclab.acting import EVENTS, opened


def test_opening_asks_once(public, asked):
    with opened(public) as ds:
        assert len(ds) == EVENTS
    assert asked == ["metadata"]


def test_opening_by_id_and_host(public, served):
    host = served.url.removeprefix("http://")
    with dclab.new_dataset(public.id, host=host, use_ssl=False) as ds:
        assert len(ds) == EVENTS


def test_metadata_are_those_of_the_file(public, local):
    with opened(public) as ds:
        for section in ("experiment", "imaging", "setup", "fluorescence"):
            for key, value in local.config[section].items():
                found = ds.config[section][key]
                assert found == value, f"{section}:{key}"
                assert isinstance(found, type(value)), f"{section}:{key}"


def test_private_data_need_a_token(private, served):
    with pytest.raises(DCORAccessError, match="Access denied"):
        opened(private)
    with opened(private, served.person) as ds:
        assert len(ds) == EVENTS


def test_wrong_token_is_no_token(private, public):
    with pytest.raises(DCORAccessError, match="not authorized to read resource"):
        RTDC_DCOR(private.url, api_key="wrong", remember_api_key=False)
    with RTDC_DCOR(public.url, api_key="wrong", remember_api_key=False) as ds:
        assert len(ds) == EVENTS


def test_unknown_resource(served):
    url = f"{served.url}/api/3/action/dcserv?id=00000000-0000-4000-8000-000000000000"
    with pytest.raises(DCORAccessError, match="Not found"):
        RTDC_DCOR(url)
