"""The action ``dcserv``: metadata of a measurement and pointers to its bytes.

It reads the record that the pipeline made and signs URLs; it never opens a measurement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from ckanext.dc_serve import answers, caching, parameters
from ckanext.dc_serve.subject import find

if TYPE_CHECKING:
    from ckan.types import Context


@tk.side_effect_free
@tk.auth_allow_anonymous_access
def dcserv(context: Context, data_dict: dict[str, Any]) -> Any:
    """Serve metadata of a DC measurement, and the places where its features can be read.

    Features are never sent: clients read them from the basins by HTTP range requests.

    :param id: id (UUID) of the resource
    :type id: string
    :param query: what to serve: ``valid`` (whether the file is there), ``metadata``, ``size``
        (number of events), ``feature_list`` (always empty), ``logs``, ``tables``, ``basins``
        or ``trace_list``
    :type query: string
    :param version: version of this interface (optional, default and only value: ``'2'``)
    :type version: string

    :returns: depends on ``query``
    """
    query = parameters.parse(data_dict)
    try:
        subject = find(parameters.require_uuid(query.resource_id), context)
    except tk.NotAuthorized:
        caching.keep_private()
        raise
    if not subject.is_public:
        caching.keep_private()
    if not subject.is_measurement:
        raise tk.ValidationError(f"Resource ID {subject.id} must be an .rtdc dataset!")
    return answers.answer(subject, query.name)
