"""A web server with the settings of an instance, one process, and a small application in it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dcor_control.local import ports, web
from dcor_control.local.ports import LOCALHOST

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_PORT = 29_500
_STOP_SECONDS = 30


@contextmanager
def small_site(folder: Path, code: str, **settings: str) -> Iterator[str]:
    """Serve `application` of some Python code; yields the address, which may not answer yet.

    Parameters
    ----------
    folder
        Working folder of the server.
    code
        Source of a module that defines the WSGI application.
    settings
        Further settings of uWSGI, with underscores instead of hyphens.
    """
    (folder / "small_site_code.py").write_text(code)
    port = ports.choose([ports.PortRequest("web")], {}, start=_FIRST_PORT)["web"]
    found = web._UWSGI | {
        "wsgi-file": "small_site_code.py",
        "http": f"{LOCALHOST}:{port}",
        "socket": "uwsgi.sock",
        "home": sys.prefix,
        "workers": "1",
        **{name.replace("_", "-"): value for name, value in settings.items()},
    }
    del found["module"]
    lines = [f"{name} = {value}" for name, value in found.items()]
    (folder / "uwsgi.ini").write_text("\n".join(["[uwsgi]", *lines, ""]))
    command = [str(Path(sys.prefix) / "bin" / "uwsgi"), "--ini", "uwsgi.ini"]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield f"http://{LOCALHOST}:{port}"
    finally:
        running.terminate()
        running.wait(_STOP_SECONDS)
