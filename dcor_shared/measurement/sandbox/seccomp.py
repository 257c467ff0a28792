"""Leaving a process only the system calls that computing on files needs (seccomp).

A list of what is allowed, not of what is forbidden: whatever a later kernel adds is refused
with EPERM. Sockets, new programs, new processes, tracing and signals to others are not on it.
Sources of the numbers: Linux' ``arch/x86/entry/syscalls/syscall_64.tbl`` and
``include/uapi/asm-generic/unistd.h`` (used by aarch64).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_SET, _JUMP_GREATER_EQUAL, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_RET_KILL_PROCESS, _RET_ERRNO, _RET_ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_ARGUMENT = 0, 4, 16
_X32_BIT = 0x40000000
_CLONE_THREAD = 0x00010000

_X86_64 = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7,
    "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13,
    "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17, "pwrite64": 18, "readv": 19,
    "writev": 20, "access": 21, "select": 23, "sched_yield": 24, "mremap": 25, "madvise": 28,
    "dup": 32, "dup2": 33, "nanosleep": 35, "getpid": 39, "sendto": 44, "recvfrom": 45,
    "sendmsg": 46, "recvmsg": 47, "shutdown": 48, "exit": 60, "uname": 63, "flock": 73,
    "fsync": 74, "fdatasync": 75, "ftruncate": 77, "getdents": 78, "getcwd": 79,
    "readlink": 89, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99,
    "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110,
    "sigaltstack": 131, "statfs": 137, "fstatfs": 138, "gettid": 186, "time": 201, "futex": 202,
    "sched_getaffinity": 204, "getdents64": 217, "restart_syscall": 219, "fadvise64": 221,
    "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231,
    "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269, "pselect6": 270,
    "ppoll": 271, "set_robust_list": 273, "fallocate": 285, "dup3": 292, "getrandom": 318,
    "membarrier": 324, "statx": 332, "rseq": 334, "faccessat2": 439,
}  # fmt: skip
_AARCH64 = {
    "getcwd": 17, "dup": 23, "dup3": 24, "flock": 32, "statfs": 43, "fstatfs": 44,
    "ftruncate": 46, "fallocate": 47, "faccessat": 48, "openat": 56, "close": 57,
    "getdents64": 61, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66,
    "pread64": 67, "pwrite64": 68, "pselect6": 72, "ppoll": 73, "readlinkat": 78,
    "newfstatat": 79, "fstat": 80, "fsync": 82, "fdatasync": 83, "exit": 93, "exit_group": 94,
    "futex": 98, "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113,
    "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124,
    "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135,
    "rt_sigreturn": 139, "times": 153, "uname": 160, "getrlimit": 163, "getrusage": 165,
    "gettimeofday": 169, "getpid": 172, "getppid": 173, "getuid": 174, "geteuid": 175,
    "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "sendto": 206,
    "recvfrom": 207, "shutdown": 210, "sendmsg": 211, "recvmsg": 212, "brk": 214,
    "munmap": 215, "mremap": 216, "mmap": 222, "fadvise64": 223, "mprotect": 226,
    "madvise": 233, "getrandom": 278, "membarrier": 283, "statx": 291, "rseq": 293,
    "faccessat2": 439,
}  # fmt: skip
#: Machine name → (architecture as the kernel sees it, allowed calls, clone, clone3, tgkill,
#: prlimit64, fcntl, ioctl).
_MACHINES = {
    "x86_64": (0xC000003E, _X86_64, 56, 435, 234, 302, 72, 16),
    "aarch64": (0xC00000B7, _AARCH64, 220, 435, 131, 261, 25, 29),
}
#: What ``ioctl`` may be asked: is this a terminal, and set close-on-exec.
_TCGETS, _FIOCLEX = 0x5401, 0x5451


def is_available() -> bool:
    """Whether this machine's calls are known and its kernel can filter them."""
    if platform.machine() not in _MACHINES:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, None, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def restrict() -> None:
    """Confine this process for ever to the allowed system calls."""
    code = _program()
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _statement(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _return(value: int) -> bytes:
    return _statement(_RETURN, value)


def _when(number: int, block: bytes) -> bytes:
    """Execute `block`, which ends with a return, if the call has this number."""
    return _statement(_JUMP_EQUAL, number, 0, len(block) // 8) + block


def _if_argument(index: int, test: int, value: int) -> bytes:
    """Allow if the argument passes the test, else answer EPERM."""
    return (
        _statement(_LOAD, _OFFSET_ARGUMENT + 8 * index)
        + _statement(test, value, 0, 1)
        + _return(_RET_ALLOW)
        + _return(_RET_ERRNO | errno.EPERM)
    )


def _if_argument_is(index: int, *values: int) -> bytes:
    """Allow if the argument is one of the values, else answer EPERM."""
    tests = b"".join(
        _statement(_JUMP_EQUAL, value, len(values) - position, 0)
        for position, value in enumerate(values)
    )
    return (
        _statement(_LOAD, _OFFSET_ARGUMENT + 8 * index)
        + tests
        + _return(_RET_ERRNO | errno.EPERM)
        + _return(_RET_ALLOW)
    )


def _program() -> bytes:
    architecture, allowed, clone, clone3, tgkill, prlimit, fcntl, ioctl = _MACHINES[
        platform.machine()
    ]
    code = (
        _statement(_LOAD, _OFFSET_ARCHITECTURE)
        + _statement(_JUMP_EQUAL, architecture, 1, 0)
        + _return(_RET_KILL_PROCESS)
        + _statement(_LOAD, _OFFSET_NUMBER)
        + _statement(_JUMP_GREATER_EQUAL, _X32_BIT, 0, 1)
        + _return(_RET_KILL_PROCESS)
    )
    code += b"".join(_when(number, _return(_RET_ALLOW)) for number in sorted(allowed.values()))
    # threads, but no processes; clone3 hides its flags in memory, "no such call" makes the C
    # library use clone instead
    code += _when(clone, _if_argument(0, _JUMP_SET, _CLONE_THREAD))
    code += _when(clone3, _return(_RET_ERRNO | errno.ENOSYS))
    # abort() signals its own process; nobody else may be signalled or limited
    code += _when(tgkill, _if_argument_is(0, os.getpid()))
    code += _when(prlimit, _if_argument_is(0, 0, os.getpid()))
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC
    # and the locks of open file descriptions; not F_SETOWN, F_SETSIG, F_SETLEASE, F_NOTIFY
    code += _when(fcntl, _if_argument_is(1, 0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030))
    code += _when(ioctl, _if_argument_is(1, _TCGETS, _FIOCLEX))
    return code + _return(_RET_ERRNO | errno.EPERM)
