"""The overview of a measurement: what a page shows before anybody asks for more.

:func:`dcor_shared.measurement.overview.making.make_overview` is for workers,
:class:`dcor_shared.measurement.overview.events.EventReader` for the web process; everything else
runs in sandboxed processes only. The file format is docs/decisions/0010-overview-bundle.md.
"""
