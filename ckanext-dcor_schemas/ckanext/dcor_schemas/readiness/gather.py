"""The facts that the judgement over a draft needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.dcor_schemas import activation, licences, supplements
from ckanext.dcor_schemas.readiness.report import Facts, Report, judge
from ckanext.dcor_schemas.uploads import comparison
from ckanext.dcor_schemas.validators.fields import registered_licenses

if TYPE_CHECKING:
    from collections.abc import Mapping


def check_dataset(dataset: Mapping[str, Any], *, look_at_objects: bool) -> Report:
    """Judge a dataset as the API shows it.

    Parameters
    ----------
    dataset
        The dataset.
    look_at_objects
        Whether the object store is asked for each file: one request per resource.

    Raises
    ------
    dcor_shared.objects.errors.ObjectStoreError
        If the object store is asked and has a problem.
    """
    files: dict[str, str] = {}
    if look_at_objects and dataset.get("owner_org"):
        files = comparison.differences(dataset["id"], dataset["owner_org"])
    return judge(
        Facts(
            dataset=dataset,
            checks={check.resource_id: check for check in activation.read_checks(dataset["id"])},
            files=files,
            licenses=[entry[0] for entry in licences.choosable(registered_licenses())],
            sections=supplements.sections(),
        )
    )
