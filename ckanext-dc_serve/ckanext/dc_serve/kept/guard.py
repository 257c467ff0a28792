"""Whether the present set of plugins lets answers be kept."""

from __future__ import annotations

import logging

import ckan.plugins as p

from ckanext.dc_serve import config

log = logging.getLogger(__name__)

#: The plugin whose permission labels the stamp covers.
_LABELS_OF = "dcor_schemas"
_AUTH_FUNCTIONS = {"resource_show", "package_show"}


def is_allowed() -> bool:
    """Whether nothing decides about reading that the stamp does not cover."""
    if not config.keep_answers():
        return False
    reasons = [*_identities(), *_permissions()]
    for reason in reasons:
        log.warning("Answers of dcserv are not kept in memory: %s", reason)
    return not reasons


def _identities() -> list[str]:
    return [
        f"the plugin {plugin.name} identifies users in its own way"
        for interface in (p.IAuthenticator, p.IApiToken)
        for plugin in p.PluginImplementations(interface)
    ]


def _permissions() -> list[str]:
    reasons = [
        f"the plugin {plugin.name} overrides who may read"
        for plugin in p.PluginImplementations(p.IAuthFunctions)
        if _AUTH_FUNCTIONS & set(plugin.get_auth_functions())
    ]
    reasons += [
        f"the plugin {plugin.name} has permission labels of its own"
        for plugin in p.PluginImplementations(p.IPermissionLabels)
        if plugin.name != _LABELS_OF
    ]
    actions = [
        plugin.name
        for plugin in p.PluginImplementations(p.IActions)
        if "dcserv" in plugin.get_actions()
    ]
    return reasons + [f"the plugin {name} overrides dcserv" for name in actions[1:]]
