"""Web server and workers of an instance."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import redis
import requests
from rq import Worker

from dcor_control.errors import ControlError
from dcor_control.local import listener
from dcor_control.local.account import require_reachable
from dcor_control.local.files import write_atomically
from dcor_control.local.layout import CHECKOUT
from dcor_control.local.ports import LOCALHOST
from dcor_control.local.program import Program

if TYPE_CHECKING:
    from dcor_control.local.layout import Layout

#: Programs by name and the queues that they work on; long runs never keep short ones waiting.
WORKERS = {
    "worker-short": ("dcor-short", "dcor-normal"),
    "worker-long": ("dcor-long",),
}
_WORKER_STOP_SECONDS = 60
_OK = 200

#: What is not obvious says why.
_UWSGI = {
    "module": "dcor_control.wsgi:application",
    "master": "true",
    "lazy-apps": "true",
    "single-interpreter": "true",
    "need-app": "true",
    "strict": "true",
    "vacuum": "true",
    "die-on-term": "true",
    # What a request leaves to a thread (publishing that takes longer than the answer may wait) has
    # to go on after it; without this it would stand still until the next request, out of order.
    "enable-threads": "true",
    # Files go to slow clients from a thread, while the process answers others.
    "offload-threads": "1",
    "harakiri": "500",
    "harakiri-verbose": "true",
    "socket-timeout": "500",
    "worker-reload-mercy": "30",
    # A new process needs seconds to load: processes are replaced for their memory only, not for
    # the number of requests they have answered.
    "reload-on-rss": "2048",
    "buffer-size": "32768",
    "limit-post": "5242880",
    # A request that is answered before its body was read would be reset, and the answer lost.
    "post-buffering": "65536",
    "disable-logging": "true",
    "log-4xx": "true",
    "log-5xx": "true",
    "log-ioerror": "true",
    "log-date": "%%Y-%%m-%%d %%H:%%M:%%S",
    # No %(uri): there are secrets in queries. The path is noted by dcor_control.wsgi.
    "log-format": '%(addr) "%(method) %(path)" %(status) %(size) %(msecs)ms "%(uagent)"',
    "threaded-logger": "true",
    "disable-write-exception": "true",
    "ignore-write-errors": "true",
    "ignore-sigpipe": "true",
}


class WebServerError(ControlError):
    """The web server does not answer as it should."""


class WorkerError(ControlError):
    """No worker takes jobs."""


def programs(layout: Layout, port: int, processes: int) -> list[Program]:
    """Foreground commands of web server and workers; writes the web server's settings.

    Raises
    ------
    UnreachableForAccountError
        If the account of the services cannot run this Python or read this code.
    """
    require_reachable(layout.account, [Path(sys.executable), CHECKOUT / "dcor_control"])
    settings = _UWSGI | {
        # The router keeps idle connections; a worker that keeps them itself serves nobody else.
        "http": f"fd://{listener.DESCRIPTOR}",
        "http-keepalive": "75",
        "http-timeout": "500",
        "socket": str(layout.sockets / "uwsgi.sock"),
        "chmod-socket": "600",
        "home": sys.prefix,
        "workers": str(processes),
    }
    path = layout.conf / "uwsgi.ini"
    text = "\n".join(["[uwsgi]", *(f"{key} = {value}" for key, value in settings.items()), ""])
    write_atomically(path, text, account=layout.account)
    uwsgi = [str(Path(sys.prefix) / "bin" / "uwsgi"), "--ini", str(path)]
    command = [sys.executable, "-m", listener.__name__, LOCALHOST, str(port), *uwsgi]
    return [
        Program("web", command, env=environment(layout)),
        *(_worker(layout, name, queues) for name, queues in WORKERS.items()),
    ]


def environment(layout: Layout) -> dict[str, str]:
    """Variables for every program that loads CKAN."""
    return {
        "CKAN_INI": str(layout.ini),
        "HOME": str(layout.scratch),
        "TMPDIR": str(layout.scratch),
        "NUMBA_CACHE_DIR": str(layout.scratch / "numba"),
        "PYTHONUNBUFFERED": "1",
    }


def wait_until_ready(port: int, timeout: float = 60.0) -> None:
    """Wait until the web server tells its status.

    Raises
    ------
    WebServerError
        If it does not within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while problem := _problem(port):
        if time.monotonic() > deadline:
            raise WebServerError(f"the web server does not answer: {problem}")
        time.sleep(0.2)


def wait_for_worker(redis_url: str, pid: int, timeout: float = 60.0) -> None:
    """Wait until the worker process `pid` has told Redis that it takes jobs.

    Raises
    ------
    WorkerError
        If none does within `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    with redis.Redis.from_url(redis_url) as connection:
        # Workers that were killed stay in this list for some minutes.
        while pid not in {worker.pid for worker in Worker.all(connection)}:
            if time.monotonic() > deadline:
                raise WorkerError("the worker does not take jobs")
            time.sleep(0.2)


def _problem(port: int) -> str:
    url = f"http://{LOCALHOST}:{port}/api/3/action/status_show"
    try:
        answer = requests.get(url, timeout=30)
    except requests.RequestException as error:
        return str(error)
    return "" if answer.status_code == _OK else f"{answer.status_code} {answer.reason}"


def _worker(layout: Layout, name: str, queues: tuple[str, ...]) -> Program:
    return Program(
        name,
        [sys.executable, "-m", "dcor_control", "worker", *queues],
        env=environment(layout),
        stop_seconds=_WORKER_STOP_SECONDS,
    )
