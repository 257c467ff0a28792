"""The rival of the benchmark ``feature``: h5grove in Flask, as its documentation shows it."""

from __future__ import annotations

import os

import hdf5plugin  # noqa: F401 - condensed files are compressed with Zstandard
from flask import Flask
from h5grove.flask_utils import BLUEPRINT

application = Flask("h5grove")
application.config["H5_BASE_DIR"] = os.environ["H5_BASE_DIR"]
application.register_blueprint(BLUEPRINT)
