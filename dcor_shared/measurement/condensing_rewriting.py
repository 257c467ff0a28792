"""Other addresses in a condensed file: after a move of the site, the object store or a dataset."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement import sandbox
from dcor_shared.measurement.condensing import limits_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from dcor_shared.measurement.condensing import CondenseRequest


def rewrite(
    file: Path,
    out: Path,
    request: CondenseRequest,
    *,
    features: Collection[str],
    basin_keys: Collection[str],
    limits: sandbox.Limits | None = None,
) -> dict[str, Any]:
    """Copy a condensed file, with the addresses of `request`.

    Parameters
    ----------
    file
        The condensed file; only read.
    out
        The copy; overwritten.
    request
        What would be written when condensing now.
    features, basin_keys
        Features and names of basin definitions of the uploaded file.
    limits
        Limits of the sandboxed process; by default they depend on the size of the file.

    Returns
    -------
    changed
        Fields of :class:`dcor_shared.measurement.condensing.CondenseSummary` that have changed.

    Raises
    ------
    MeasurementError
        If the file cannot be read, is not safe, or exceeds the limits.
    """
    arguments = asdict(request) | {
        "dcserv_url": request.dcserv_url,
        "features": sorted(features),
        "basin_keys": sorted(basin_keys),
    }
    changed = dict(
        sandbox.call(
            "rewrite-condensed",
            arguments,
            limits=limits or limits_of(file),
            readable=[file],
            writable=out,
        )
    )
    return changed | {"size": out.stat().st_size, "addresses": request.addresses}
