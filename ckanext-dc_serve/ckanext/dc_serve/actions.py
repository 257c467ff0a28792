"""The action ``dcserv``: metadata of a measurement and pointers to its bytes.

It reads the record that the pipeline made and signs URLs; it never opens a measurement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

from ckanext.dc_serve import answers, caching, parameters, timing
from ckanext.dc_serve.kept import layer
from ckanext.dc_serve.subject import find

if TYPE_CHECKING:
    from ckan.types import Context

    from ckanext.dc_serve.parameters import Query
    from ckanext.dc_serve.subject import Subject


@tk.side_effect_free
@tk.auth_allow_anonymous_access
def dcserv(context: Context, data_dict: dict[str, Any]) -> Any:
    """Serve metadata of a DC measurement, and the places where its features can be read.

    Version 2 never sends features: clients read them from the basins by HTTP range requests.
    Version 3 answers the same queries, sends scalar features one by one, and has ETags.

    :param id: id (UUID) of the resource
    :type id: string
    :param query: what to serve: ``valid`` (whether the file is there), ``metadata``, ``size``
        (number of events), ``feature_list`` (always empty), ``logs``, ``tables``, ``basins``
        or ``trace_list``; with version 3 also ``status`` (of the processing), ``all`` (metadata,
        logs, tables and basins), ``statistics`` (of every scalar feature) and ``feature``
    :type query: string
    :param version: version of this interface (optional, default: ``'2'``), ``'2'`` or ``'3'``
    :type version: string
    :param feature: name of the scalar feature (query ``feature``)
    :type feature: string
    :param source: ``condensed`` (default) or ``original``: the file that a feature is taken from
    :type source: string
    :param format: ``json`` (default), ``npy``, ``arrow``, ``arrow-stream`` or ``csv``; without it
        the header ``Accept`` decides (query ``feature``)
    :type format: string
    :param start: first event (query ``feature``; this and the next two as in a slice)
    :type start: integer
    :param stop: event after the last one
    :type stop: integer
    :param step: every how manieth event
    :type step: integer

    :returns: depends on ``query``; features in a binary format or as CSV without an envelope
    """
    query = parameters.parse(data_dict)
    with timing.measured("permission"):
        subject = _readable(query, context)
    found = answers.answer(subject, query)
    if seconds := answers.lasting_seconds(subject, query):
        layer.keep(seconds)
    if query.version > parameters.LONG_KNOWN:
        caching.add_tag()
        timing.send()
    return found


def _readable(query: Query, context: Context) -> Subject:
    """The measurement that the query is about, if the user may read it."""
    try:
        subject = find(parameters.require_uuid(query.resource_id), context)
    except tk.NotAuthorized:
        caching.keep_private()
        raise
    if not subject.is_public:
        caching.keep_private()
    if not subject.is_measurement:
        raise tk.ValidationError(f"Resource ID {subject.id} must be an .rtdc dataset!")
    return subject
