"""The harness keeps tests apart from each other."""

from __future__ import annotations


def test_a_user_can_show_who_they_are(app, person):
    answer = app.get("/api/3/action/user_show", headers=person.headers)
    assert answer.json["result"]["name"] == person.name


def test_nothing_is_left_of_an_earlier_test(app, admin):
    answer = app.get("/api/3/action/user_list?all_fields=false", headers=admin.headers)
    assert admin.name in answer.json["result"]
    assert len([name for name in answer.json["result"] if name.startswith("u")]) == 1


def test_a_circle_has_an_admin(app, person, new_circle):
    circle = new_circle(person.name)
    answer = app.get(
        "/api/3/action/organization_list_for_user?permission=create_dataset",
        headers=person.headers,
    )
    assert [found["id"] for found in answer.json["result"]] == [circle["id"]]


def test_the_object_store_is_empty(store_settings, store):
    assert store_settings.bucket_name.endswith("-{organization_id}")
