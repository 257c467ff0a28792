"""Attributes: few, small, and of harmless types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcor_shared.measurement.errors import AttributeSizeError
from dcor_shared.measurement.vetting.types import check_type, has_variable_text

if TYPE_CHECKING:
    from h5py.h5o import ObjectID

    from dcor_shared.measurement.vetting.limits import VettingLimits


def check_attributes(obj: ObjectID, path: str, limits: VettingLimits) -> None:
    """Check all attributes of an object without reading one.

    Raises
    ------
    AttributeSizeError, DataTypeError
        If there are too many, or one is too large or of a type that is not allowed.
    """
    from h5py import h5, h5a

    number = h5a.get_num_attrs(obj)
    if number > limits.attributes:
        raise AttributeSizeError(
            f"'{path}' has {number} attributes, {limits.attributes} are allowed."
        )
    for index in range(number):
        # in the order of the file: any other is sorted anew for each of them
        _check(h5a.open(obj, index=index, order=h5.ITER_NATIVE), path, limits)


def _check(attribute: object, path: str, limits: VettingLimits) -> None:
    name = attribute.name.decode("utf-8", "replace")  # type: ignore[attr-defined]
    where = f"attribute '{name[:100]}' of '{path}'"
    kind = attribute.get_type()  # type: ignore[attr-defined]
    elements = attribute.get_space().get_select_npoints()  # type: ignore[attr-defined]
    size = elements * kind.get_size()
    if size > limits.attribute_bytes or len(name) > limits.name_bytes:
        raise AttributeSizeError(
            f"{where} has {size} bytes, {limits.attribute_bytes} are allowed; "
            "store large data as a table or log."
        )
    check_type(kind, where)
    if has_variable_text(kind) and elements > limits.attribute_texts:
        raise AttributeSizeError(f"{where} has more than {limits.attribute_texts} texts.")
