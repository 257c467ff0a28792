"""Which measurements have to be waited for."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ckanext.dc_serve import records


def pending(*measurements):
    return records.pending([made.id for made in measurements])


def test_a_measurement_is_pending_until_it_is_described(make_resource, note_record, description):
    made = make_resource()
    assert pending(made) == {made.id}
    note_record(made, "1" * 32, original=description)
    assert pending(made) == {made.id}, "this is the description of an older object"
    note_record(made, original=description)
    assert pending(made) == set()


def test_a_measurement_that_cannot_be_described_is_not_pending(make_resource, note_step):
    made = make_resource()
    note_step(made, "describe", "failed")
    assert pending(made) == set()


def test_a_resource_with_odd_extras_does_not_disturb_the_others(make_measurement, make_resource):
    odd, described = make_resource(), make_measurement()
    statement = sa.text("UPDATE resource SET extras = :extras WHERE id = :id")
    model.Session.execute(statement, {"extras": '{"a": NaN, "b": "\\\\u0000"', "id": odd.id})
    model.Session.flush()
    assert pending(odd, described) == {odd.id}
