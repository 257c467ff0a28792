"""Times at which CKAN complains of something that is as it should be."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_plugins() -> Iterator[None]:
    """Unload or reload CKAN's plugins quietly.

    While pg_search is not loaded CKAN looks for Solr, and fills the log because there is none.
    """
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
