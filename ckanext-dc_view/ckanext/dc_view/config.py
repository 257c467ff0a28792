"""Options of ``ckanext.dc_view``; nobody else reads them from CKAN's configuration."""

from __future__ import annotations

from ckan.plugins import toolkit as tk

EVENT_SESSIONS = "ckanext.dc_view.event_sessions"
EVENT_SECONDS = "ckanext.dc_view.event_seconds"
EVENT_REQUESTS = "ckanext.dc_view.event_requests"


def event_sessions() -> int:
    """Measurements that a web process keeps open for single events."""
    return max(1, int(tk.config.get(EVENT_SESSIONS)))


def event_seconds() -> float:
    """Seconds after which a request for events is given up."""
    return float(tk.config.get(EVENT_SECONDS))


def event_requests() -> int:
    """Requests for events that are answered at the same time; 0: half of the web processes."""
    return max(0, int(tk.config.get(EVENT_REQUESTS)))
