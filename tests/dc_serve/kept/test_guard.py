"""With plugins that decide about reading in their own way no answers are kept."""

from __future__ import annotations

import pytest

import ckan.plugins as p

from ckanext.dc_serve.kept import guard


def test_our_own_plugins_are_no_obstacle(ckan):
    assert guard.is_allowed()


class Plugin:
    """What a plugin of somebody else might do."""

    name = "somebody_elses"

    def get_auth_functions(self):
        return {"package_show": None}

    def get_actions(self):
        return {"dcserv": None}


@pytest.mark.parametrize(
    "interface",
    [p.IAuthFunctions, p.IPermissionLabels, p.IAuthenticator, p.IApiToken, p.IActions],
)
def test_other_plugins_are(ckan, monkeypatch, interface):
    loaded = p.PluginImplementations

    def implementations(asked):
        return [*loaded(asked), *([Plugin()] if asked is interface else [])]

    monkeypatch.setattr(guard.p, "PluginImplementations", implementations)
    assert not guard.is_allowed()
