"""Users see themselves and find each other by name; sign-ups are judged field by field."""

import pytest

from ckan.plugins import toolkit as tk


def test_nobody_lists_users(cast, status):
    for role in ("anonymous", "logged in", "circle admin"):
        assert status("user_list", cast[role])[0] == 403
    assert status("user_list", cast["sysadmin"])[0] == 200


def test_users_see_their_own_profile_only(cast, call, status):
    me, other = cast["logged in"], cast["circle admin"]
    for reference in (me.id, me.name):
        assert call("user_show", me, id=reference)["id"] == me.id
    shown = call("user_show", me)
    assert {"id", "name", "fullname", "number_created_packages", "email", "about"} <= set(shown)
    for reference in (other.id, other.name, "nobody"):
        assert status("user_show", me, id=reference)[0] == 403
    assert status("user_show", None)[0] == 403
    assert status("user_show", None, id=me.id)[0] == 403
    assert call("user_show", cast["sysadmin"], id=me.id)["id"] == me.id


def test_users_find_each_other_and_always_themselves(cast, call, status, new_person):
    me = new_person(name="zzz-me", fullname="Zoe Zebra")
    others = {new_person(name=f"aaa{i:02}").id for i in range(3)}
    found = call("user_autocomplete", me, q="")
    assert me.id in {user["id"] for user in found}
    assert {user["id"] for user in call("user_autocomplete", me, q="aaa")} == others
    assert {user["id"] for user in call("user_autocomplete", me, q="zebra")} == {me.id}
    assert [user["id"] for user in call("user_autocomplete", me, q="", limit=1)] == [me.id]
    assert me.id not in {
        user["id"] for user in call("user_autocomplete", me, q="", ignore_self=True)
    }
    assert set(found[0]) == {"id", "name", "fullname"}
    code, message = status("user_autocomplete", None, q="")
    assert code == 403
    assert "Access denied" in message


@pytest.fixture
def sign_up(app, monkeypatch):
    monkeypatch.setitem(tk.config, "ckan.auth.create_user_via_api", True)

    def send(**changes):
        given = {
            "name": "peterpan",
            "fullname": "Peter Pan",
            "email": "peter@neverland.org",
            "password": "tinkerbell-1904",
        }
        data = {key: value for key, value in (given | changes).items() if value is not None}
        return app.post("/api/3/action/user_create", json=data)

    return send


def test_people_sign_up_through_the_api_with_a_token(sign_up):
    answer = sign_up(with_apitoken=True)
    assert answer.status_code == 200, answer.body
    assert answer.json["result"]["token"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fullname", "buy pills http://example.net"),
        ("fullname", "x" * 41),
        ("name", "n" * 41),
        ("image_url", "http://example.net/secret.exe"),
        ("email", "peter"),
        ("email", "peter@neverland"),
        ("email", "peter@mailto.plus"),
        ("email", "peter@sub.trescribe.com"),
        ("email", ""),
    ],
)
def test_suspicious_sign_ups_are_refused_by_field_and_without_echo(sign_up, field, value):
    answer = sign_up(**{field: value})
    assert answer.status_code == 409
    assert set(answer.json["error"]) == {"__type", field}
    if value:
        assert value not in str(answer.json["error"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "peter@gmail.com"),
        ("email", "peter+dcor@neverland.org"),
        ("fullname", "Max Foxx"),
        ("name", "foxx"),
        ("image_url", "https://example.org/me.PNG"),
    ],
)
def test_honest_people_are_not_refused(sign_up, field, value):
    assert sign_up(**{field: value}).status_code == 200


def test_mail_domains_are_configured(sign_up, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.denied_mail_domains", ["neverland.org"])
    assert sign_up().status_code == 409
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.denied_mail_domains", [])
    monkeypatch.setitem(tk.config, "ckanext.dcor_schemas.allowed_mail_domains", ["example.org"])
    assert sign_up().status_code == 409
    assert sign_up(email="peter@mail.example.org").status_code == 200


def test_the_messages_of_ckan_come_along(sign_up):
    errors = sign_up(email="peter@mailto.plus", password=None).json["error"]
    assert {"email", "password"} <= set(errors)


def test_sign_up_can_be_switched_off(sign_up, monkeypatch):
    monkeypatch.setitem(tk.config, "ckan.auth.create_user_via_api", False)
    assert sign_up(email="peter@mailto.plus").status_code == 403
