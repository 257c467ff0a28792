"""Commands for administrators, one module each; the work is done by ``maintenance``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def commands() -> list[click.Command]:
    """All commands, for ``ckan``."""
    from ckanext.dcor_schemas.cli import (
        list_group_resources,
        list_groups,
        list_zombie_users,
        move_dataset,
        prune_drafts,
        prune_objects,
        purge_groups,
        run_jobs,
        send_mail,
    )

    return [
        list_group_resources.list_group_resources,
        list_groups.list_circles,
        list_groups.list_collections,
        list_zombie_users.list_zombie_users,
        move_dataset.move_dataset_to_circle,
        prune_drafts.prune_draft_datasets,
        prune_objects.prune_orphaned_s3_artifacts,
        purge_groups.purge_unused_collections_and_circles,
        run_jobs.run_jobs_dcor_schemas,
        send_mail.send_mail,
    ]
