"""Transactions that write are short: no object store inside, and few statements."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckan import model

from dcor_shared.objects.client import client
from dcor_shared.testing.pipeline import run_pending


class Transactions:
    """Knows whether the transaction of a session has written something.

    All sessions of a test share one connection; a statement belongs to the session whose
    transaction was opened last.
    """

    def __init__(self) -> None:
        self.open: list[list[bool]] = []

    @property
    def writing(self) -> bool:
        return any(written for (written,) in self.open)

    def begin(self, _session, transaction) -> None:
        if transaction.parent is None:
            self.open.append([False])

    def end(self, _session, transaction) -> None:
        if transaction.parent is None and self.open:
            self.open.pop()

    def execute(self, _connection, _cursor, statement, *_rest) -> None:
        word = statement.split(None, 1)[0].upper()
        if self.open and (word in {"INSERT", "UPDATE", "DELETE"} or "FOR UPDATE" in statement):
            self.open[-1][0] = True


@pytest.fixture
def store_calls(store):
    """Collects for each S3 request whether a transaction that has written something was open."""
    seen: list[tuple[str, bool]] = []
    transactions = Transactions()

    def note(model, **_kwargs) -> None:
        seen.append((model.name, transactions.writing))

    listeners = (
        (Session, "after_transaction_create", transactions.begin),
        (Session, "after_transaction_end", transactions.end),
        (model.meta.engine, "before_cursor_execute", transactions.execute),
    )
    events = client(store.settings).meta.events
    events.register("before-call.s3", note)
    for listener in listeners:
        sa.event.listen(*listener)
    yield seen
    events.unregister("before-call.s3", note)
    for listener in listeners:
        sa.event.remove(*listener)


def test_the_watch_itself_sees_a_request_inside_of_a_transaction(store_calls, store, person):
    user = model.User.get(person.id)
    store.client.list_buckets()
    user.about = "about"
    model.Session.flush()
    store.client.list_buckets()
    model.Session.rollback()
    store.client.list_buckets()
    assert [writing for _name, writing in store_calls] == [False, True, False]


def test_registration_activation_and_publishing_ask_the_store_outside_of_transactions(
    new_draft, upload, register, measurement, store_calls, call, person, admin
):
    draft = new_draft(private=True)
    resource_id = register(draft, upload(measurement), "small.rtdc")["id"]
    run_pending([resource_id])
    store_calls.clear()
    call("package_patch", person, id=draft["id"], state="active")
    call("package_patch", person, id=draft["id"], private=False)
    call("package_delete", admin, id=draft["id"])
    call("dataset_purge", admin, id=draft["id"])
    assert {name for name, _writing in store_calls} >= {"HeadObject", "PutObjectTagging"}
    assert [name for name, writing in store_calls if writing] == []


def test_registration_asks_the_store_before_it_writes(draft, upload, register, store_calls):
    resource_id = upload(b"bytes")
    store_calls.clear()
    register(draft, resource_id)
    assert "PutObject" in {name for name, _writing in store_calls}
    assert [name for name, writing in store_calls if writing] == []


def test_a_loosened_licence_asks_the_store_for_nothing(
    draft, upload, register, measurement, store_calls, call, person
):
    resource_id = register(draft, upload(measurement), "small.rtdc")["id"]
    run_pending([resource_id])
    call("package_patch", person, id=draft["id"], state="active")
    store_calls.clear()
    call("package_patch", person, id=draft["id"], license_id="CC0-1.0")
    assert store_calls == []


def test_our_part_of_a_registration_does_not_grow_with_the_dataset(
    draft, upload, register, statements
):
    counts = []
    for number in range(5):
        resource_id = upload(b"%d" % number)
        with statements() as seen:
            register(draft, resource_id, f"{number}.txt")
        counts.append(sum("dcor_" in statement for statement in seen))
    first, *others = counts  # the first one goes CKAN's way
    assert len(set(others)) == 1
    assert max(first, *others) <= 12


def test_a_batch_costs_as_many_statements_as_a_single_resource_plus_a_note_each(
    new_draft, upload, call, person, statements
):
    counts = []
    for length in (1, 3):
        new = [{"id": upload(b"%d" % n), "name": f"{n}.txt"} for n in range(length)]
        change = {"match": {"id": new_draft()["id"]}, "update__resources__extend": new}
        with statements() as seen:
            call("package_revise", person, **change)
        counts.append(sum("dcor_" in statement for statement in seen))
    assert counts[1] - counts[0] <= 2
