"""What a researcher does with dclab: open the resource from afar and use its data.

Everything goes through unmodified dclab and ``dcserv``, and is compared with the local file.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import requests

from dcor_control.errors import ControlError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SCALARS = ("deform", "area_um")
#: Events whose volume is computed from the local contours; it takes a while each.
_VOLUMES = 50
_PUBLIC_SECONDS = 60.0
_OK, _FORBIDDEN = 200, 403
_ABSENT = (True, "–")  # noqa: RUF001 - a dash, as in tables


class NotPublicError(ControlError):
    """The site calls a dataset public, but strangers cannot read its objects."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"After {_PUBLIC_SECONDS:.0f} s strangers still cannot read every object of {url}. "
            f"`.venv/bin/dcor jobs failed` shows whether a step failed; look at the logs that "
            f"`make status` names, then run `make demo` again."
        )


@dataclass(frozen=True)
class Check:
    """One comparison: what was looked at, whether it was right, and in which way."""

    what: str
    good: bool
    detail: str


def resource_url(url: str, resource: str) -> str:
    """URL under which dclab opens a resource."""
    return f"{url}/api/3/action/dcserv?id={resource}"


def check_refused(url: str, resource: str) -> Check:
    """A stranger must not read a private resource."""
    answer = requests.get(f"{resource_url(url, resource)}&query=metadata", timeout=30)
    words = f"{answer.status_code} {answer.reason}"
    return Check("anonymous access while private", answer.status_code == _FORBIDDEN, words)


def wait_until_public(url: str, resource: str) -> None:
    """Wait until the object store serves the object to everybody (this follows the commit).

    Raises
    ------
    NotPublicError
        If it does not within a minute.
    """
    deadline = time.monotonic() + _PUBLIC_SECONDS
    while time.monotonic() < deadline:
        answer = requests.get(f"{resource_url(url, resource)}&query=basins", timeout=30)
        if answer.status_code == _OK and _all_readable(answer.json()["result"]):
            return
        time.sleep(0.25)
    raise NotPublicError(resource_url(url, resource))


def read_back(url: str, resource: str, path: Path, token: str = "") -> list[Check]:
    """Open the resource with dclab and compare it with the local file.

    Parameters
    ----------
    token
        API token; empty to be a stranger.
    """
    import dclab
    from dclab.rtdc_dataset.fmt_dcor import RTDC_DCOR

    # A remembered token would be used for every later resource too, anonymous ones included.
    remote = RTDC_DCOR(resource_url(url, resource), api_key=token, remember_api_key=False)
    with dclab.new_dataset(path) as local, remote:
        return [
            Check("events", len(local) == len(remote), str(len(remote))),
            *(_feature(local, remote, name) for name in _SCALARS),
            _attempt("volume (condensed)", lambda: _volume(local, remote)),
            _attempt("image", lambda: _image(local, remote)),
            _attempt("logs", lambda: _logs(local, remote)),
        ]


def _feature(local: Any, remote: Any, name: str) -> Check:
    def compare() -> tuple[bool, str]:
        if name not in local:
            return _absent_there_too(name, remote)
        here, there = np.asarray(local[name]), np.asarray(remote[name])
        same = np.array_equal(here, there, equal_nan=True)
        return _verdict(same, f"{there.size} values identical")

    return _attempt(name, compare)


def _volume(local: Any, remote: Any) -> tuple[bool, str]:
    """Compare the volume, which the site has computed, with one computed here from contours."""
    from dclab.features.volume import get_volume

    if "volume" not in local:
        return _absent_there_too("volume", remote)
    number = min(len(local), _VOLUMES)
    if "volume" in local.features_innate:
        same = np.array_equal(local["volume"][:], remote["volume"][:], equal_nan=True)
        return _verdict(same, f"{len(local)} values identical (the original holds them)")
    # Without this dclab would compute it from the remote contours, and nothing would be shown.
    if "volume" not in remote.features_basin:
        return False, "the site does not hold it"
    here = get_volume(
        cont=[local["contour"][index] for index in range(number)],
        pos_x=local["pos_x"][:number],
        pos_y=local["pos_y"][:number],
        pix=local.config["imaging"]["pixel size"],
    )
    there = np.asarray(remote["volume"][:number])
    close = np.allclose(here, there, rtol=1e-6, equal_nan=True)
    return _verdict(close, f"{number} values as computed here")


def _image(local: Any, remote: Any) -> tuple[bool, str]:
    if "image" not in local:
        return _absent_there_too("image", remote)
    index = len(local) // 2
    here, there = np.asarray(local["image"][index]), np.asarray(remote["image"][index])
    height, width = there.shape[:2]
    same = np.array_equal(here, there)
    return _verdict(same, f"event {index}, {width} x {height} pixels identical")


def _logs(local: Any, remote: Any) -> tuple[bool, str]:
    names = list(local.logs)
    same = all(list(local.logs[name]) == list(remote.logs[name]) for name in names)
    return _verdict(same, f"{len(names)} identical") if names else _ABSENT


def _absent_there_too(name: str, remote: Any) -> tuple[bool, str]:
    return _ABSENT if name not in remote else (False, "is on the site, but not in the file")


def _verdict(same: bool, words: str) -> tuple[bool, str]:  # noqa: FBT001
    return bool(same), words if same else "differs"


def _attempt(what: str, compare: Callable[[], tuple[bool, str]]) -> Check:
    """Make a comparison; data that are missing are a difference, not a crash."""
    try:
        good, detail = compare()
    except (KeyError, IndexError, ValueError, OSError) as error:
        return Check(what, good=False, detail=f"{type(error).__name__}: {error}")
    return Check(what, good, detail)


def _all_readable(basins: list[dict[str, Any]]) -> bool:
    urls = [url for basin in basins for url in basin.get("urls", [])]
    first_byte = {"Range": "bytes=0-0"}
    return all(requests.get(url, headers=first_byte, timeout=30).ok for url in urls)
