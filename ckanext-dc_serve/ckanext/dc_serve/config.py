"""Options of ``ckanext.dc_serve``; nobody else reads them from CKAN's configuration."""

from __future__ import annotations

from ckan.plugins import toolkit as tk

CREATE_CONDENSED = "ckanext.dc_serve.create_condensed_datasets"
INTRA_DATASET_BASINS = "ckanext.dc_serve.enable_intra_dataset_basins"
RECORD_WAIT = "ckanext.dc_serve.record_wait"


def create_condensed_datasets() -> bool:
    """Whether condensed files are made."""
    return bool(tk.config.get(CREATE_CONDENSED))


def enable_intra_dataset_basins() -> bool:
    """Whether measurements of the same dataset are linked to each other."""
    return bool(tk.config.get(INTRA_DATASET_BASINS))


def record_wait() -> float:
    """Seconds for which a request waits for a record that is being made."""
    return float(tk.config.get(RECORD_WAIT))
