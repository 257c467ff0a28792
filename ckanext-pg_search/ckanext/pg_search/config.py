"""The options of pg_search; declared with their reasons in ``config_declaration.yaml``."""

from __future__ import annotations

from ckan.common import config

DICTIONARY = "ckanext.pg_search.dictionary"
QUERY_FIELDS = "ckanext.pg_search.query_fields"
MAX_CLAUSES = "ckanext.pg_search.max_clauses"
TIMEOUT = "ckanext.pg_search.timeout"


def dictionary() -> str:
    """Name of the PostgreSQL text search dictionary that stems words."""
    return str(config.get(DICTIONARY, "english_stem"))


def query_fields() -> str:
    """Weights of fields in the order of results, in the syntax of Solr's ``qf``."""
    return str(config.get(QUERY_FIELDS, "name^4 title^4 tags^2 groups^2 text"))


def max_clauses() -> int:
    """Largest number of words, phrases and ranges in one query."""
    return int(config.get(MAX_CLAUSES, 4096))


def timeout() -> float:
    """Longest time of one search in seconds."""
    return float(config.get(TIMEOUT, 10))
