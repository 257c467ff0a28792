"""A worker that is busy for long keeps its steps."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from dcor_shared.pipeline.claims import claim
from dcor_shared.pipeline.database import session
from dcor_shared.pipeline.keeper import keep_leases
from dcor_shared.pipeline.planning import plan

from .building import make_dataset, step


def lease():
    with session() as own:
        return own.execute(sa.text("SELECT lease_until FROM dcor_step")).scalar_one()


def test_leases_are_renewed_while_a_step_runs(committed, declare):
    declare(step("a"))
    dataset = make_dataset()
    plan(model.Session, dataset.id)
    claim(model.Session, dataset.resources[0], "dcor-long", "w", lease=1)
    model.Session.commit()
    first = lease()
    with keep_leases("w", lease=0.04):
        while lease() == first:
            pass
    assert lease() != first
