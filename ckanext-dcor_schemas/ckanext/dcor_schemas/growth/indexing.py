"""The search index after some resources were added to a dataset."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ckan.lib import search
from ckan.lib.navl.dictization_functions import MissingNullEncoder
from ckan.lib.search import common

if TYPE_CHECKING:
    from ckanext.dcor_schemas.growth.shown import Shown


def write(shown: Shown) -> None:
    """Add the new resources to the entry of the dataset; write it anew if the engine cannot."""
    index: Any = search.index_for("Package")
    appending = getattr(common.make_connection(), "appending", None)
    if appending is not None and _append(index, appending, shown):
        return
    index.update_dict({**shown.default, "with_custom_schema": shown.custom})


def _append(index: Any, appending: Any, shown: Shown) -> bool:
    payload = {
        "data_dict": json.dumps(shown.default),
        "validated_data_dict": json.dumps(shown.custom, cls=MissingNullEncoder),
    }
    try:
        with appending(**payload):
            index.update_dict({**shown.part, "with_custom_schema": {}})
    except search.SearchIndexError:
        return False
    return True
