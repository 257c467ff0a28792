"""Who asks: people who are signed in by their names, all others by the address they come from."""

from __future__ import annotations

import hashlib
import ipaddress
import re

import flask

from ckan.common import current_user

from ckanext.dc_view import config

#: Addresses of one subscriber.
_SUBSCRIBER_V6 = 64
#: Some proxies add the port of the connection, which is another one each time.
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]*)\](?::\d+)?|(?P<v4>[\d.]+):\d+")


def visitor() -> str:
    """Who asks: the signed-in user, or the subscriber behind the client's address."""
    if not flask.has_request_context():
        return "nobody"
    if current_user.is_authenticated:
        return named(f"user {current_user.name}")
    return named(_subscriber(_address()))


def named(who: str) -> str:
    """Name of a visitor from which nobody can read who it is."""
    return hashlib.sha256(who.encode()).hexdigest()[:16]


def _address() -> str:
    """Address of the client, as this server or the outermost proxy that is trusted saw it.

    The web server's own router tells it (``REMOTE_ADDR``) and passes on what clients claim. So the
    header counts only where the site says how many proxies have added to it.
    """
    own = flask.request.remote_addr or ""
    proxies = config.trusted_proxies()
    if not proxies or not _is_this_machine(own):
        return own
    added = ",".join(flask.request.headers.getlist("X-Forwarded-For")).split(",")
    # whoever leaves out a proxy is not who the header says
    return (added[-proxies].strip() or own) if len(added) >= proxies else own


def _subscriber(text: str) -> str:
    """An address without port; those of IPv6 that belong to one subscriber are one."""
    if found := _WITH_PORT.fullmatch(text):
        text = found["v6"] or found["v4"] or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        # no address: not worth a place of its own
        return "unknown"
    if address.version == 4:  # noqa: PLR2004 - the version of the protocol
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), _SUBSCRIBER_V6), strict=False))


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        # a socket of the file system
        return True
