"""The step overview: from an upload to what the page needs, with the real pipeline and sandbox."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import requests
from dclab import RTDCWriter
from PIL import Image

from ckan import model
from ckan.plugins import toolkit as tk

from dcor_shared.measurement.overview import container
from dcor_shared.measurement.overview.making import make_overview
from dcor_shared.objects.names import object_name
from dcor_shared.objects.sources import RangeSource
from dcor_shared.objects.store import head, read_range
from dcor_shared.pipeline import catching_up, records
from dcor_shared.pipeline.steps import Queue, Reads
from dcor_shared.testing.datasets import make_dataset_via_s3, make_resource_via_s3
from dcor_shared.testing.measurements import write_measurement
from dcor_shared.testing.pipeline import run_pending
from tests.dc_view.conftest import Measurement

from ckanext.dc_view import steps


@pytest.fixture
def upload(store):
    """Uploads a file into a new public dataset and runs its pipeline."""

    def run(path, **fields) -> Measurement:
        dataset, resource = make_dataset_via_s3(resource_path=path, activate=True, **fields)
        run_pending([resource["id"]])
        return Measurement(resource["id"], dataset["id"], dataset["owner_org"])

    return run


def stored(store, made, artifact):
    name = object_name(store.settings, made.circle_id, made.id, artifact)
    found = head(store, name)
    return found, read_range(store, name, 0, found.size)


def test_declaration():
    step = steps.OVERVIEW
    assert (step.name, step.queue, step.reads) == ("overview", Queue.LONG, Reads.FILE)
    assert step.needs == ("describe",)
    assert step.after == ("condense",)


def test_from_upload_to_page(app, upload, store, tmp_path):
    path = write_measurement(tmp_path / "cells.rtdc", events=60, fluorescence=True)
    made = upload(path)
    state = app.get(made.route("view.json")).json
    assert {step["step"]: step["state"] for step in state["pipeline"]["steps"]} == {
        "settle": "skipped",
        "describe": "done",
        "hash": "done",
        "condense": "done",
        "overview": "done",
        "link": "done",
    }
    # public data: the stable address, without credentials, by range
    bundle = state["bundle"]
    answer = requests.get(
        bundle["url"], headers={"Range": f"bytes=0-{bundle['first'] - 1}"}, timeout=10
    )
    assert answer.status_code == 206
    header = container.read_header(answer.content)
    assert header["event_count"] == state["event_count"] == 60
    assert "volume" in {feature["name"] for feature in header["features"]}
    assert header["source_etag"] == state["resource"]["etag"]
    # the same bytes from this origin
    whole = app.get(made.route("view.bin")).get_data()
    assert len(whole) == bundle["size"]
    assert whole.startswith(answer.content)
    preview, data = stored(store, made, "preview")
    assert preview.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(data)).size == (800, 600)
    shown = app.get(made.route("preview.jpg"), follow_redirects=False).headers["Location"]
    assert requests.get(shown, timeout=10).content == data


def test_the_record_knows_the_bundle_in_the_store(app, upload, store, tmp_path):
    made = upload(write_measurement(tmp_path / "cells.rtdc", events=5))
    found, _ = stored(store, made, "view")
    assert records.load(model.Session, made.id).extra["overview"]["etag"] == found.etag
    assert app.get(made.route("view.bin")).headers["ETag"] == f'"{found.etag}"'


def test_pictures_of_an_earlier_overview_are_deleted(upload, store, tmp_path, monkeypatch):
    made = upload(write_measurement(tmp_path / "cells.rtdc", events=5))
    assert stored(store, made, "preview")[0]
    monkeypatch.setattr("dcor_shared.measurement.overview.making.make_overview", without_preview)
    catching_up.do(made.id, steps.OVERVIEW)
    name = object_name(store.settings, made.circle_id, made.id, "preview")
    assert head(store, name) is None
    assert head(store, replace(name, key=name.key.replace("preview/", "view/", 1)))


def without_preview(*arguments, **more):
    made = make_overview(*arguments, **more)
    return replace(made, preview=None, summary=replace(made.summary, preview_size=0))


def test_a_request_for_events_ends_in_time(app, upload, tmp_path, monkeypatch):
    """However many questions it asks, and however silent the store is."""
    made = upload(write_measurement(tmp_path / "cells.rtdc", events=5))
    monkeypatch.setitem(tk.config, "ckanext.dc_view.event_seconds", 1)
    monkeypatch.setattr(RangeSource, "read", lambda *_: threading.Event().wait())
    began = time.monotonic()
    answer = app.get(made.route("events/0.json"))
    assert (answer.status_code, answer.json["error"]) == (503, "busy")
    assert time.monotonic() - began < 5


def test_answers_about_events_change_with_the_condensed_file(app, upload, note_record, tmp_path):
    made = upload(write_measurement(tmp_path / "cells.rtdc", events=5))
    etag = app.get(made.route("events/0.json")).headers["ETag"]
    record = records.load(model.Session, made.id)
    note_record(made, record.etag, condensed=record.condensed | {"etag": "another"})
    again = app.get(made.route("events/0.json"), headers={"If-None-Match": etag})
    assert again.status_code != 304


def test_default_views_are_there(app, upload, tmp_path):
    made = upload(write_measurement(tmp_path / "cells.rtdc", events=5))
    views = model.Session.query(model.ResourceView).filter_by(resource_id=made.id)
    assert [view.view_type for view in views.order_by("order")] == ["dc_view", "dc_log_view"]
    assert 'id="dc-view"' in app.get(made.page).body


def test_without_condensing_there_still_is_an_overview(app, upload, store, tmp_path, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.dc_serve.create_condensed_datasets", value=False)
    made = upload(write_measurement(tmp_path / "cells.rtdc", events=5))
    state = app.get(made.route("view.json")).json
    assert state["bundle"]
    assert "no-condensed" in {note["code"] for note in state["notes"]}


def test_other_files_have_no_overview(upload, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("nothing to see")
    made = upload(path)
    assert "overview" not in (records.load(model.Session, made.id) or _Nothing).extra


class _Nothing:
    extra: dict[str, object] = {}  # noqa: RUF012


def test_single_events(app, upload, tmp_path):
    path = write_measurement(tmp_path / "cells.rtdc", events=60, fluorescence=True)
    made = upload(path)
    found = app.get(made.route("events/59.json"))
    assert found.json["values"]["volume"] > 0
    assert found.json["index"] == 59
    assert found.json["traces"] == ["fl1_raw", "fl1_median"]
    etag = found.headers["ETag"]
    known = app.get(made.route("events/59.json"), headers={"If-None-Match": etag})
    assert known.status_code == 304
    assert app.get(made.route("events/60.json")).json["error"] == "no-event"
    image = app.get(made.route("events/0/image.png"))
    assert Image.open(io.BytesIO(image.get_data())).size == (250, 80)
    assert image.headers["Content-Type"] == "image/png"
    assert app.get(made.route("events/0/nonsense.png")).status_code == 404
    event = container.read_header(app.get(made.route("events/7.bin")).get_data())
    assert [trace["name"] for trace in event["traces"]] == ["fl1_raw", "fl1_median"]
    batch = app.get(made.route("events.bin?indices=9,3")).get_data()
    assert container.read_header(batch)["sprites"]["sheets"][0]["events"] == [9, 3]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "bad-parameters"),
        ("?indices=a", "bad-parameters"),
        ("?indices=-1", "bad-parameters"),
        ("?indices=" + ",".join("1" * 97), "too-many"),
    ],
)
def test_batches_are_checked(app, make_measurement, query, code):
    assert app.get(make_measurement().route("events.bin") + query).json["error"] == code


def test_private_events_only_for_members(app, upload, tmp_path, admin, stranger):
    made = upload(write_measurement(tmp_path / "cells.rtdc", events=5), private=True)
    for headers in ({}, stranger):
        assert app.get(made.route("events/0.json"), headers=headers).status_code == 404
    answer = app.get(made.route("events/0.json"), headers=admin.headers)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    # not even with the right ETag
    known = {"If-None-Match": answer.headers["ETag"]}
    assert app.get(made.route("events/0.json"), headers=known).status_code == 404


def test_images_in_the_measurement_that_it_was_made_of(app, upload, store, tmp_path):
    whole = write_measurement(tmp_path / "whole.rtdc", events=30)
    made = upload(whole, private=True)
    part = write_measurement(
        tmp_path / "part.rtdc", events=10, image=False, mask=False, image_bg=False
    )
    identifier = records.load(model.Session, made.id).identifier
    with RTDCWriter(part, mode="append") as writer:
        writer.store_basin(
            basin_name="whole",
            basin_type="file",
            basin_format="hdf5",
            basin_locs=["whole.rtdc"],
            basin_map=np.arange(0, 30, 3, dtype=np.uint64),
            basin_id=identifier,
            basin_feats=["image", "mask"],
            verify=False,
        )
    draft = model.Session.get(model.Package, made.package_id)
    draft.state = "draft"
    model.Session.commit()
    resource = make_resource_via_s3(part, made.circle_id, made.package_id)
    child = Measurement(str(resource_id(resource)), made.package_id, made.circle_id)
    run_pending([child.id])
    extra = records.load(model.Session, child.id).extra["overview"]
    assert extra["images"] == "basin"
    etag = records.load(model.Session, made.id).etag
    assert extra["upstream"] == {"resource_id": made.id, "etag": etag, "mapping": "basinmap0"}
    headers = sysadmin()
    image = app.get(child.route("events/2/image.png"), headers=headers).get_data()
    assert image == app.get(made.route("events/6/image.png"), headers=headers).get_data()
    # answers call events by the numbers they have in the measurement that was asked for
    facts = app.get(child.route("events/2.json"), headers=headers).json
    assert (facts["index"], facts["event_count"]) == (2, 10)
    event = container.read_header(app.get(child.route("events/2.bin"), headers=headers).get_data())
    assert (event["index"], event["event_count"]) == (2, 10)
    batch = app.get(child.route("events.bin?indices=9,1,3"), headers=headers).get_data()
    assert container.read_header(batch)["sprites"]["sheets"][0]["events"] == [9, 1, 3]
    assert app.get(child.route("events/10.bin"), headers=headers).json["error"] == "no-event"
    # nobody knows which events those of another file are
    elsewhere = model.Session.get(model.Resource, made.id)
    elsewhere.extras = elsewhere.extras | {"etag": "1" * 32}
    model.Session.commit()
    changed = app.get(child.route("events/2/image.png"), headers=headers)
    assert (changed.status_code, changed.json["error"]) == (422, "unreadable")


def resource_id(answer):
    return answer["id"] if isinstance(answer, dict) else answer


def sysadmin():
    from tests.harness.fixtures import make_person

    return make_person(sysadmin=True).headers
