"""Confining a process to a few files with Landlock (Linux ≥ 5.13).

Source of the numbers: Linux' ``include/uapi/linux/landlock.h``; the system calls have the same
numbers on every architecture.
"""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1

_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_TRUNCATE = 1 << 14
_NET_BIND_TCP = 1 << 0
_NET_CONNECT_TCP = 1 << 1
_SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0
_SCOPE_SIGNAL = 1 << 1

#: Number of file-system rights that each version of the interface knows.
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}
_RIGHTS_SINCE_5 = 16
_VERSION_TRUNCATE, _VERSION_NETWORK, _VERSION_SCOPE = 3, 4, 6


class _RulesetAttr(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def _syscall(*arguments: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def version() -> int:
    """Version of the kernel's interface; 0 if there is none."""
    try:
        return _syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _CREATE_RULESET_VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """Confine this process for ever to some files and folders.

    Parameters
    ----------
    readable
        Files and folders (with all that is in them) that may be read.
    writable
        Existing files that may be read, overwritten and truncated, but not removed.
    """
    found = version()
    ruleset = _create_ruleset(found)
    try:
        for path in readable:
            _allow(ruleset, path, _READ_FILE | (_READ_DIR if path.is_dir() else 0))
        truncate = _TRUNCATE if found >= _VERSION_TRUNCATE else 0
        for path in writable:
            _allow(ruleset, path, _READ_FILE | _WRITE_FILE | truncate)
        _syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), 0)
    finally:
        os.close(ruleset)


def _create_ruleset(found: int) -> int:
    rights = _RIGHTS_BY_VERSION.get(found, _RIGHTS_SINCE_5)
    attr = _RulesetAttr(handled_access_fs=(1 << rights) - 1)
    size = ctypes.sizeof(ctypes.c_uint64)
    if found >= _VERSION_NETWORK:
        attr.handled_access_net = _NET_BIND_TCP | _NET_CONNECT_TCP
        size *= 2
    if found >= _VERSION_SCOPE:
        attr.scoped = _SCOPE_ABSTRACT_UNIX_SOCKET | _SCOPE_SIGNAL
        size = ctypes.sizeof(attr)
    return _syscall(_CREATE_RULESET, ctypes.byref(attr), ctypes.c_size_t(size), 0)


def _allow(ruleset: int, path: Path, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        attr = _PathBeneathAttr(allowed_access=access, parent_fd=fd)
        _syscall(_ADD_RULE, ctypes.c_int(ruleset), _RULE_PATH_BENEATH, ctypes.byref(attr), 0)
    finally:
        os.close(fd)
