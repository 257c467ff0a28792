"""The CKAN interface through which plugins declare their processing steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan.plugins.interfaces import Interface

if TYPE_CHECKING:
    from dcor_shared.pipeline.steps import Step


class IPipelineSteps(Interface):  # type: ignore[misc]
    """Implemented by plugins that add steps to the processing of every resource."""

    def get_pipeline_steps(self) -> list[Step]:
        """Steps of this plugin; their order does not matter, ``needs`` does."""
        return []

    def finish_leftovers(self) -> None:
        """Do what earlier attempts have left over; called every few seconds by one worker."""
