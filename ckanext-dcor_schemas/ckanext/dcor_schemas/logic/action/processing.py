"""Actions about the processing of resources."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import processing
from ckanext.dcor_schemas.readiness import gather
from ckanext.dcor_schemas.store_problems import store_problems

if TYPE_CHECKING:
    from ckan.types import Context, DataDict


@tk.side_effect_free
def dcor_resource_status(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Get the state of the processing of a resource, or of all resources of a dataset.

    :param id: id of the resource, or id or name of the dataset
    :type id: string

    :returns: by resource id a list of steps, each with ``step``, ``title``, ``state`` (pending,
        running, done, failed, skipped), ``attempt``, ``error_code``, ``error_text``, ``created``,
        ``started`` and ``finished``
    :rtype: dictionary
    """
    subject = processing.find_subject(tk.get_or_bust(data_dict, "id"))
    tk.check_access("package_show", context, {"id": subject.package_id})
    return processing.as_json(processing.states_of(subject.resource_ids))


def dcor_resource_retry(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Try the failed steps of a resource again.

    You must be authorized to edit the dataset.

    :param id: id of the resource
    :type id: string
    :param step: name of the step (optional, default: all that failed)
    :type step: string

    :returns: ``steps``, the names of the steps that are going to be tried
    :rtype: dictionary
    """
    subject = processing.find_subject(tk.get_or_bust(data_dict, "id"))
    tk.check_access("package_update", context, {"id": subject.package_id})
    steps = processing.retry(subject, data_dict.get("step"))
    if not context.get("defer_commit"):
        model.repo.commit()
    return {"steps": steps}


@tk.side_effect_free
def dcor_dataset_check(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Find out what still prevents the activation of a draft.

    You must be authorized to edit the dataset: the object store is asked for each of its files.

    :param id: id or name of the dataset
    :type id: string

    :returns: ``ready``, whether it could be activated now; ``problems`` of the dataset in words;
        ``resources``, a list with ``id``, ``name``, ``size``, ``check`` (valid, pending, invalid,
        none), ``problems``, which prevent the activation, and ``hints``, which do not; further
        ``id``, ``name`` and ``state`` of the dataset
    :rtype: dictionary
    """
    reference = tk.get_or_bust(data_dict, "id")
    dataset = tk.get_action("package_show")(context, {"id": reference})
    tk.check_access("package_update", context, {"id": dataset["id"]})
    with store_problems():
        report = gather.check_dataset(dataset, look_at_objects=True)
    return {"ready": report.ready, **asdict(report)}
