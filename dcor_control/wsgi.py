"""The web application for a WSGI server: ``module = dcor_control.wsgi:application``.

Must be loaded in every web process by itself (``lazy-apps``): loading CKAN opens a connection to
the database, which two processes cannot share.
"""

from __future__ import annotations

import os

import uwsgi  # there is no such module outside of the server

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

from dcor_control.wsgi_guard import guarded, logged

_ckan = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
application = logged(guarded(_ckan), uwsgi.set_logvar)
