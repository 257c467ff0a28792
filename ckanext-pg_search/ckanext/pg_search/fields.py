"""What kind of field a name stands for: CKAN's Solr schema as plain functions.

Every name is a field. Names that the schema does not know are strings that must match as a whole.
"""

from __future__ import annotations

from enum import Enum

MAX_NAME = 200
"""Fields with longer names are not indexed; a word with its field must fit into 2046 bytes."""

PAYLOAD = frozenset({"data_dict", "validated_data_dict"})
"""Fields that are only given back, never searched."""

SCALARS = frozenset(
    {
        "index_id",
        "id",
        "name",
        "site_id",
        "entity_type",
        "dataset_type",
        "state",
        "capacity",
        "organization",
        "owner_org",
        "creator_user_id",
        "license_id",
        "title_string",
    }
)
"""String fields with one value that have a column of their own."""

ARRAYS = frozenset({"tags", "groups", "res_format", "permission_labels"})
"""String fields with many values that have a column of their own."""

MOMENTS = frozenset({"metadata_created", "metadata_modified"})
"""Date fields that have a column of their own."""

NGRAMS = {"name_ngram": "name", "title_ngram": "title_string"}
"""Fields for autocompletion, and the fields whose parts they find."""

_RELATIONSHIPS = frozenset(
    [
        "depends_on",
        "dependency_of",
        "derives_from",
        "has_derivation",
        "links_to",
        "linked_from",
        "child_of",
        "parent_of",
    ]
)
_TEXTS = _RELATIONSHIPS | frozenset(
    [
        "text",
        "urls",
        "title",
        "notes",
        "author",
        "author_email",
        "maintainer",
        "maintainer_email",
        "res_name",
        "res_description",
    ]
)
_NUMBERS = frozenset(
    {"views_total", "views_recent", "resources_accessed_total", "resources_accessed_recent"}
)
_DATES = MOMENTS | {"indexed_ts"}
_MULTIPLE = frozenset(
    ["tags", "groups", "res_name", "res_description", "res_format", "res_url", "res_type"]
)
_STORED = frozenset(
    [
        "index_id",
        "id",
        "site_id",
        "title",
        "entity_type",
        "dataset_type",
        "state",
        "name",
        "revision_id",
        "version",
        "url",
        "ckan_url",
        "download_url",
        "notes",
        "author",
        "author_email",
        "maintainer",
        "maintainer_email",
        "license",
        "license_id",
        "organization",
        "capacity",
        "metadata_created",
        "metadata_modified",
        "indexed_ts",
    ]
)
_IN_BODY = [
    "title",
    "name",
    "tags",
    "groups",
    "notes",
    "organization",
    "author",
    "maintainer",
    "license",
    "res_name",
    "res_description",
    "text",
    "url",
    "ckan_url",
    "download_url",
    "res_url",
]
_BODY_PREFIXES = ("extras_", "res_extras_", "vocab_")


class Kind(Enum):
    """How the values of a field are compared."""

    STRING = "string"
    TEXT = "text"
    NGRAM = "ngram"
    NUMBER = "number"
    DATE = "date"


def kind_of(field: str) -> Kind:
    """Tell how the values of a field are compared."""
    if field in _TEXTS or field.startswith(("extras_", "res_extras_")):
        return Kind.TEXT
    if field in NGRAMS:
        return Kind.NGRAM
    if field in _NUMBERS or field.startswith("dcnum_"):
        return Kind.NUMBER
    if field in _DATES or (field.endswith("_date") and not field.startswith("vocab_")):
        return Kind.DATE
    return Kind.STRING


def is_multiple(field: str) -> bool:
    """Tell whether a field is given back as a list."""
    return field in _MULTIPLE or field.startswith(("res_extras_", "vocab_", "dcnum_"))


def is_stored(field: str) -> bool:
    """Tell whether a search may give the field back. Permission labels never leave the index."""
    if field in _STORED or is_multiple(field) or field in PAYLOAD:
        return True
    return field.startswith("extras_") or (field.endswith("_date") and kind_of(field) is Kind.DATE)


def is_in_body(field: str) -> bool:
    """Tell whether free text finds the words of a field."""
    return field in _IN_BODY or field.startswith(_BODY_PREFIXES)


def body_rank(field: str) -> int:
    """Place of a field in the body: what matters most comes first and is never cut off."""
    if field in _IN_BODY:
        return _IN_BODY.index(field)
    return _IN_BODY.index("res_name") - 1 if field.startswith("extras_") else len(_IN_BODY)
