"""Every option is declared, documented and read with the default that is declared."""

from __future__ import annotations

from pathlib import Path

import yaml

from ckanext.pg_search import config

CHECKOUT = Path(__file__).resolve().parents[2]
DECLARED = {
    option["key"]: option
    for group in yaml.safe_load(
        Path(config.__file__).with_name("config_declaration.yaml").read_text(encoding="utf-8")
    )["groups"]
    for option in group["options"]
}


def test_every_option_is_documented() -> None:
    page = (CHECKOUT / "docs" / "search.md").read_text(encoding="utf-8")
    assert [key for key in DECLARED if f"`{key}`" not in page] == []
    assert [key for key, option in DECLARED.items() if not option.get("description")] == []


def test_defaults_without_a_declaration_are_the_declared_ones() -> None:
    readers = {
        config.DICTIONARY: config.dictionary,
        config.QUERY_FIELDS: config.query_fields,
        config.MAX_CLAUSES: config.max_clauses,
        config.TIMEOUT: config.timeout,
    }
    assert {key: read() for key, read in readers.items()} == {
        key: option["default"] for key, option in DECLARED.items()
    }
