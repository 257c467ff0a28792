"""Options of ``ckanext.dc_view``; nobody else reads them from CKAN's configuration."""

from __future__ import annotations

from ckan.plugins import toolkit as tk

EVENT_SESSIONS = "ckanext.dc_view.event_sessions"
EVENT_SECONDS = "ckanext.dc_view.event_seconds"
EVENT_REQUESTS = "ckanext.dc_view.event_requests"
TRUSTED_PROXIES = "ckanext.dc_view.trusted_proxies"
CONTENT_SECURITY = "ckanext.dc_view.content_security"
CONTENT_SECURITY_SOURCES = "ckanext.dc_view.content_security_sources"


def event_sessions() -> int:
    """Measurements that a web process keeps open for single events."""
    return max(1, int(tk.config.get(EVENT_SESSIONS)))


def event_seconds() -> float:
    """Seconds after which a request for events is given up."""
    return float(tk.config.get(EVENT_SECONDS))


def event_requests() -> int:
    """Requests for events that are answered at the same time; 0: half of the web processes."""
    return max(0, int(tk.config.get(EVENT_REQUESTS)))


def trusted_proxies() -> int:
    """Proxies before this web server that add the address of their client to the header."""
    return max(0, int(tk.config.get(TRUSTED_PROXIES)))


def content_security() -> str:
    """What becomes of what pages must not load: ``enforce``, ``report`` or ``off``.

    Whatever else the option says, protection is not lost by it.
    """
    said = str(tk.config.get(CONTENT_SECURITY)).strip().lower()
    return said if said in {"report", "off"} else "enforce"


def content_security_sources() -> list[str]:
    """Directives and sources that are added to the policy of the site's pages."""
    return list(tk.config.get(CONTENT_SECURITY_SOURCES) or [])
