"""Basins of a condensed file: where the features are that it does not hold itself."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.condensed import copying
from dcor_shared.measurement.condensed.texts import TextWriter

if TYPE_CHECKING:
    from collections.abc import Collection

    import h5py

    from dcor_shared.measurement.condensed.copying import Statistics
    from dcor_shared.measurement.vetted_hdf5 import Vetted_HDF5

#: Features that say which event of a basin is which event of the file.
MAP = re.compile(r"basinmap\d+")
#: Indentation and order are those of dclab, so that equal basins have equal names.
_JSON = {"indent": 2, "sort_keys": True}


def write_basins(
    ds: Vetted_HDF5, out: h5py.File, stored: list[str], arguments: dict[str, Any]
) -> tuple[list[str], Statistics]:
    """Write the basins of the original, those of the original itself and upstream ones.

    Returns
    -------
    features, statistics
        Features that upstream basins of the same dataset offer, sorted; statistics of features
        that had to be written with the basins.
    """
    writer = TextWriter(out)
    # dclab looks up mappings while it writes basins
    maps = [name for name in stored if MAP.fullmatch(name)]
    statistics = copying.copy_features(ds, out, maps)
    copy_definitions(ds, out, [basin["key"] for basin in ds.basin_definitions])
    _copy_internal(ds, out, writer)
    features = sorted(set(ds.features_stored) - set(stored))
    return write_addresses(ds, writer, features, arguments), statistics


def write_addresses(
    ds: Vetted_HDF5, writer: TextWriter, features: list[str], arguments: dict[str, Any]
) -> list[str]:
    """Write the basins that say where the original and its upstream files are.

    Parameters
    ----------
    ds
        The measurement; gets notes.
    writer
        Writes to the condensed file.
    features
        Features that only the original has.
    arguments
        ``source_url``, ``dcserv_url`` (None where there is none) and ``upstream``.

    Returns
    -------
    features
        Features that upstream basins of the same dataset offer, sorted.
    """
    _write_own(writer, features, arguments)
    return _write_upstream(ds, writer, arguments["upstream"])


def copy_definitions(ds: Vetted_HDF5, out: h5py.File, keys: Collection[str]) -> None:
    """Copy definitions of basins that lead out of the file, as they are."""
    import h5py

    group = out.require_group("basins")
    for basin in ds.basin_definitions:
        if basin["type"] != "internal" and basin["key"] in keys:
            name = basin["key"].encode()
            h5py.h5o.copy(ds.h5file["basins"].id, name, group.id, name)


def _copy_internal(ds: Vetted_HDF5, out: h5py.File, writer: TextWriter) -> None:
    """Copy scalar features of internal basins, and definitions that name only these."""
    from dclab import definitions
    from dclab.util import hashobj

    held = ds.h5file.get("basin_events", {})
    for basin in ds.basins_get_dicts():
        features = [
            name
            for name in basin["features"]
            if name in held and definitions.scalar_feature_exists(name)
        ]
        if not features:
            continue
        copying.copy_basin_features(
            ds, out, [name for name in features if name not in out.get("basin_events", {})]
        )
        definition = {**basin, "features": features}
        definition.pop("key", None)
        lines = json.dumps(definition, **_JSON).split("\n")  # type: ignore[arg-type]
        if (key := hashobj(lines)) not in out["basins"]:
            writer.write_text(out["basins"], key, lines)


def _write_own(writer: TextWriter, features: list[str], arguments: dict[str, Any]) -> None:
    url, dcserv_url = arguments["source_url"], arguments["dcserv_url"]
    basins = [
        ("DCOR dcserv", "dcor", dcserv_url, "Original access via DCOR API"),
        ("DCOR direct S3", "s3", url, "Direct access via S3"),
        ("DCOR public S3 via HTTP", "http", url, "Public resource access via HTTP"),
    ]
    for name, kind, location, description in basins:
        if location:
            writer.store_basin(
                basin_name=name,
                basin_type="remote",
                basin_format=kind,
                basin_locs=[location],
                basin_descr=description,
                basin_feats=features,
                verify=False,
            )


def _write_upstream(
    ds: Vetted_HDF5, writer: TextWriter, upstream: list[dict[str, Any]]
) -> list[str]:
    offered: set[str] = set()
    maps = {name for name in writer.h5file["events"] if MAP.fullmatch(name)}
    for basin in upstream:
        mapping = str(basin.get("mapping", "same"))
        if mapping != "same" and mapping not in maps:
            ds.notes.append(f"The basin '{basin['name'][:100]}' is left out: it has no mapping.")
            continue
        writer.store_basin(
            basin_name=basin["name"],
            basin_type="remote",
            basin_format="dcor",
            basin_locs=[basin["url"]],
            basin_descr=basin.get("description"),
            basin_feats=basin["features"],
            basin_map=None if mapping == "same" else (mapping, writer.h5file["events"][mapping][:]),
            basin_id=basin.get("identifier"),
            verify=False,
        )
        offered.update(basin["features"])
    return sorted(offered)
