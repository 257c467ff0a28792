"""Serving a WSGI application in the way in which the instance's own web server is served."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from dcor_control.local import ports, web

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_PORT = 29000
_SECONDS = 60


@contextmanager
def served(module: str, folder: Path, processes: int = 2, **environment: str) -> Iterator[str]:
    """Serve ``module:variable`` by uWSGI with the settings of the instance; gives its URL."""
    port = ports.choose([ports.PortRequest("web")], {}, start=_FIRST_PORT)["web"]
    # the same settings, so that only the applications differ
    settings = dict(web._UWSGI)  # noqa: SLF001
    settings |= {
        "module": module,
        "http": f"127.0.0.1:{port}",
        "http-keepalive": "75",
        "http-timeout": "500",
        "tcp-nodelay": "true",
        "http-buffer-size": "262144",
        "socket": str(folder / "uwsgi.sock"),
        "home": sys.prefix,
        "workers": str(processes),
        "pythonpath": str(Path(__file__).resolve().parents[2]),
    }
    path = folder / "uwsgi.ini"
    path.write_text("\n".join(["[uwsgi]", *(f"{k} = {v}" for k, v in settings.items()), ""]))
    with (folder / "uwsgi.log").open("wb") as log:
        process = subprocess.Popen(
            [str(Path(sys.prefix) / "bin" / "uwsgi"), "--ini", str(path)],
            env=os.environ | environment,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(url, timeout=5)
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the rival did not start; see its log")
