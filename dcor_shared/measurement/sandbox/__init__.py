"""The only way HDF5 is opened in the suite: tasks in confined child processes.

:func:`call` runs one task of :mod:`dcor_shared.measurement.tasks`. What the process loses before
it sees the file is in :mod:`confinement`; a :class:`Session` lets one process answer many
questions; the errors are in :mod:`dcor_shared.measurement.errors`.
"""

from __future__ import annotations

from dcor_shared.measurement.sandbox.calling import call
from dcor_shared.measurement.sandbox.confinement import (
    demand_protections,
    hardening,
    missing_protections,
)
from dcor_shared.measurement.sandbox.limits import GIB, KIB, MIB, Limits
from dcor_shared.measurement.sandbox.nursery import close, warm_up, zygote_pid
from dcor_shared.measurement.sandbox.sessions import Session
from dcor_shared.measurement.sandbox.together import Together

__all__ = [
    "GIB",
    "KIB",
    "MIB",
    "Limits",
    "Session",
    "Together",
    "call",
    "close",
    "demand_protections",
    "hardening",
    "missing_protections",
    "warm_up",
    "zygote_pid",
]
