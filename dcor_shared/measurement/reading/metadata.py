"""Metadata: the root attributes ``section:key``, as dclab understands them.

dclab refuses to open a file with one odd attribute; here such an attribute is left out and the
rest is used.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from dcor_shared.measurement.reading.values import clean, jsonable

if TYPE_CHECKING:
    import h5py
    from dclab.rtdc_dataset.config import Configuration

Metadata = dict[str, dict[str, Any]]


def read_configuration(h5file: h5py.File, notes: list[str]) -> tuple[Configuration, list[str]]:
    """Dclab's configuration of a file, and the names of the attributes that dclab can open.

    What dclab cannot use is named in `notes`.
    """
    from dclab.rtdc_dataset.config import Configuration

    configuration, usable = Configuration(), []
    # h5py gives names that are not UTF-8 as bytes
    for name in sorted(name for name in h5file.attrs if isinstance(name, str)):
        try:
            section, key = _names(name)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                configuration[section][key] = _value(h5file, name)
            usable.append(name)
        except (ValueError, TypeError, KeyError, OSError, UnicodeError, OverflowError):
            notes.append(f"The attribute '{name[:100]}' is left out: nothing is known of it.")
    return configuration, usable


def _names(name: str) -> tuple[str, str]:
    from dclab import definitions

    section, key = name.split(":")
    if section not in definitions.CFG_METADATA and section not in {"user", "calculation"}:
        raise KeyError(section)
    return section, key


def _value(h5file: h5py.File, name: str) -> Any:
    value = h5file.attrs[name]
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if type(value).__name__ == "Empty":
        raise ValueError("no value")
    return value


def json_metadata(configuration: Configuration) -> Metadata:
    """The configuration as JSON, sorted, without what dclab adds by itself."""
    document = {
        section: _json_section(dict(configuration[section]))
        for section in sorted(configuration.keys())
        if section != "filtering"
    }
    return {section: keys for section, keys in document.items() if keys}


def with_defaults(metadata: Metadata) -> Metadata:
    """What clients get: ``experiment`` always has ``run index`` and ``sample``."""
    defaults = {"run index": 0, "sample": "undefined sample"}
    experiment = {**defaults, **metadata.get("experiment", {})}
    completed = {**metadata, "experiment": dict(sorted(experiment.items()))}
    return dict(sorted(completed.items()))


def _json_section(values: dict[str, Any]) -> dict[str, Any]:
    section = {}
    for key in sorted(values):
        try:
            section[clean(str(key))] = jsonable(values[key])
        except TypeError:
            continue
    return section


def resource_fields(metadata: Metadata) -> dict[str, Any]:
    """Fields ``dc:section:key`` of the resource dictionary: known keys with a finite value."""
    from dclab import definitions

    fields = {}
    for section, keys in metadata.items():
        known = definitions.config_keys.get(section, ())
        for key, value in keys.items():
            if section in definitions.CFG_METADATA and key in known and _is_finite(value):
                fields[f"dc:{section}:{key}"] = value
    return fields


def _is_finite(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_is_finite(item) for item in value)
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))
