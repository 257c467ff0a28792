"""Options of ``ckanext.dc_serve``; nobody else reads them from CKAN's configuration."""

from __future__ import annotations

from ckan.plugins import toolkit as tk

CREATE_CONDENSED = "ckanext.dc_serve.create_condensed_datasets"
INTRA_DATASET_BASINS = "ckanext.dc_serve.enable_intra_dataset_basins"
RECORD_WAIT = "ckanext.dc_serve.record_wait"
RECORD_CACHE = "ckanext.dc_serve.record_cache"
FEATURE_CACHE = "ckanext.dc_serve.feature_cache"
KEEP_ANSWERS = "ckanext.dc_serve.keep_answers"
ANSWER_CACHE = "ckanext.dc_serve.answer_cache"
FEATURE_BYTES_MAX = "ckanext.dc_serve.feature_bytes_max"
_MIB = 2**20


def create_condensed_datasets() -> bool:
    """Whether condensed files are made."""
    return bool(tk.config.get(CREATE_CONDENSED))


def enable_intra_dataset_basins() -> bool:
    """Whether measurements of the same dataset are linked to each other."""
    return bool(tk.config.get(INTRA_DATASET_BASINS))


def record_wait() -> float:
    """Seconds for which a request waits for a record that is being made."""
    return float(tk.config.get(RECORD_WAIT))


def record_cache() -> int:
    """Bytes that a web process may use for records."""
    return int(tk.config.get(RECORD_CACHE)) * _MIB


def feature_cache() -> int:
    """Bytes that a web process may use for values of features."""
    return int(tk.config.get(FEATURE_CACHE)) * _MIB


def feature_bytes_max() -> int:
    """Most bytes of values that one answer may hold."""
    return int(tk.config.get(FEATURE_BYTES_MAX)) * _MIB


def keep_answers() -> bool:
    """Whether web processes keep answers of ``dcserv``."""
    return bool(tk.config.get(KEEP_ANSWERS))


def answer_cache() -> int:
    """Bytes that a web process may use for answers."""
    return int(tk.config.get(ANSWER_CACHE)) * _MIB


def token_header() -> str:
    """Key of a WSGI environment under which API tokens are found."""
    return "HTTP_" + str(tk.config["apitoken_header_name"]).upper().replace("-", "_")
