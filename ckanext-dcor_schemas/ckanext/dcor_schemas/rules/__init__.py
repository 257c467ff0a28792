"""The rules behind the auth functions: plain functions over facts, tested without a database."""

from __future__ import annotations


class NotAllowedError(Exception):
    """Somebody may not do this; the text is what the API answers after ``Access denied:``."""
