"""The tasks that may run in a sandbox, by name.

A task is a plain function ``task(workspace, arguments)`` that returns JSON; it is named here by
module and function, because only the sandboxed process imports it.
"""

from __future__ import annotations

import importlib

TASKS: dict[str, str] = {
    "describe": "dcor_shared.measurement.describing:describe_task",
    "plan-features": "dcor_shared.measurement.features_task:plan_task",
    "compute-features": "dcor_shared.measurement.features_task:compute_task",
    "condense": "dcor_shared.measurement.condensing_task:condense_task",
    "rewrite-condensed": "dcor_shared.measurement.condensed.rewriting:rewrite_task",
    "events": "dcor_shared.measurement.overview.events_task:events_task",
    "overview": "dcor_shared.measurement.overview.overview_task:overview_task",
}
#: Modules that tasks import while they run.
_LATE_IMPORTS = (
    "dclab",
    "dclab.cli.common",
    "dclab.downsampling",
    "dclab.kde.methods",
    "dclab.rtdc_dataset.check",
    "dclab.rtdc_dataset.copier",
    "hdf5plugin",
)


def rehearse() -> None:
    """Run a task with next to nothing, so that everything is in place when it counts."""
    importlib.import_module("dcor_shared.measurement.overview.overview_task").prepare()


def preload() -> None:
    """Import every module that tasks need, so that no call waits for it."""
    for target in sorted({target.partition(":")[0] for target in TASKS.values()}):
        importlib.import_module(target)
    for module in _LATE_IMPORTS:
        importlib.import_module(module)
    rehearse()
    # fills the caches of `platform`, which reads files that sandboxed processes cannot
    importlib.import_module("dclab.cli.common").get_job_info()
