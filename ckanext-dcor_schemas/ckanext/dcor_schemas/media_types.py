"""Media types: what clients know resources by, and what the object store sends."""

from __future__ import annotations

import mimetypes

from dcor_shared.objects.settling import DEFAULT_CONTENT_TYPE

from ckanext.dcor_schemas.suffixes import (
    MEASUREMENT_MIMETYPES,
    SUPPORTED_SUFFIXES,
    is_measurement,
    suffix_of,
)

HDF5 = "application/x-hdf5"


def register() -> None:
    """Teach Python the media types of measurements."""
    for suffix, media_type in MEASUREMENT_MIMETYPES.items():
        mimetypes.add_type(media_type, suffix)


def of_resource(name: str) -> str | None:
    """Value of ``mimetype`` of a resource, None if its name says nothing."""
    return mimetypes.guess_type(name)[0]


def of_object(name: str) -> str:
    """``Content-Type`` that the object store sends; nothing that browsers would execute."""
    if is_measurement(name):
        return HDF5
    if suffix_of(name) not in SUPPORTED_SUFFIXES:
        return DEFAULT_CONTENT_TYPE
    return mimetypes.guess_type(name)[0] or DEFAULT_CONTENT_TYPE
