"""Buckets are made when they are needed, and their rules are kept in order."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from dcor_shared.objects import rules
from dcor_shared.objects.buckets import (
    apply_rules,
    bucket_exists,
    ensure_bucket,
    forget_buckets,
)
from dcor_shared.objects.errors import StoreRefusedError
from dcor_shared.objects.names import bucket_name
from dcor_shared.objects.store import ObjectStore


@pytest.fixture
def requests_made(store):
    """Names of the requests that the application's user makes."""
    made = []

    def note(model, **_):
        made.append(model.name)

    store.client.meta.events.register("before-call.s3", note)
    yield made
    store.client.meta.events.unregister("before-call.s3", note)


def test_a_bucket_is_made_when_it_is_needed(store, circle_id):
    assert not bucket_exists(store, bucket_name(store.settings, circle_id))
    bucket = ensure_bucket(store, circle_id)
    assert bucket == bucket_name(store.settings, circle_id)
    assert bucket_exists(store, bucket)


def test_a_known_bucket_costs_no_request(store, circle_id, requests_made):
    ensure_bucket(store, circle_id)
    requests_made.clear()
    ensure_bucket(store, circle_id)
    assert requests_made == []


def test_an_unknown_bucket_costs_one_request_about_it_alone(store, circle_id, requests_made):
    ensure_bucket(store, circle_id)
    requests_made.clear()
    forget_buckets()
    ensure_bucket(store, circle_id)
    assert requests_made == ["HeadBucket"]


def test_rules_that_an_interrupted_process_did_not_set_are_set(store, circle_id):
    bucket = bucket_name(store.settings, circle_id)
    store.client.create_bucket(Bucket=bucket)
    ensure_bucket(store, circle_id)
    assert apply_rules(store, bucket).changed == ()


def test_a_region_that_is_only_a_word_is_accepted(store, circle_id):
    elsewhere = ObjectStore(replace(store.settings, region="laboratory"))
    assert bucket_exists(store, ensure_bucket(elsewhere, circle_id))


def test_processes_may_make_the_same_bucket_at_once(store, circle_id):
    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(lambda _: ensure_bucket(store, circle_id), range(4)))
    assert len(set(names)) == 1
    assert apply_rules(store, names[0]).changed == ()


def test_a_store_that_is_told_twice_at_once_gets_the_rule_in_the_end(store, circle_id):
    bucket = ensure_bucket(store, circle_id)
    store.client.delete_bucket_lifecycle(Bucket=bucket)
    refusals = iter([True, False])

    def refuse(**_more):
        if next(refusals, False):
            answer = {"ResponseMetadata": {"HTTPStatusCode": 500}}
            raise ClientError(answer, "PutBucketLifecycleConfiguration")

    store.client.meta.events.register("before-call.s3.PutBucketLifecycleConfiguration", refuse)
    assert apply_rules(store, bucket).changed == ("lifecycle",)


def test_applying_the_rules_again_changes_nothing(store, circle_id):
    bucket = ensure_bucket(store, circle_id)
    assert apply_rules(store, bucket).changed == ()


def test_rules_that_were_lost_or_changed_are_repaired(store, circle_id):
    bucket = ensure_bucket(store, circle_id)
    store.client.delete_bucket_policy(Bucket=bucket)
    store.client.delete_bucket_cors(Bucket=bucket)
    store.client.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": rules.LIFECYCLE[:1]}
    )
    repaired = apply_rules(store, bucket)
    assert set(repaired.changed) == {"policy", "cors", "lifecycle"}
    assert apply_rules(store, bucket).changed == ()


def test_the_policy_follows_the_settings(store, circle_id):
    bucket = ensure_bucket(store, circle_id)
    alone = ObjectStore(replace(store.settings, upload_access_key_id=""))
    assert apply_rules(alone, bucket).changed == ("policy",)
    policy = json.loads(store.client.get_bucket_policy(Bucket=bucket)["Policy"])
    assert [statement["Principal"] for statement in policy["Statement"]] == ["*"]


def test_scripts_of_the_site_may_read_ranges_and_no_others(store, circle_id, anonymous):
    bucket = ensure_bucket(store, circle_id)
    url = f"{store.settings.endpoint_url}/{bucket}/resource/abc"
    asking = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "range"}
    answer = anonymous.options(url, headers={**asking, "Origin": store.settings.site_url})
    assert answer.headers["Access-Control-Allow-Origin"] == store.settings.site_url
    stranger = anonymous.options(url, headers={**asking, "Origin": "https://evil.example.org"})
    assert "Access-Control-Allow-Origin" not in stranger.headers


def test_strangers_see_no_list_and_put_nothing(store, circle_id, anonymous):
    bucket = ensure_bucket(store, circle_id)
    url = f"{store.settings.endpoint_url}/{bucket}"
    assert anonymous.get(url).status_code == 403
    assert anonymous.put(f"{url}/upload/a", data=b"x").status_code == 403
    assert anonymous.put(f"{url}?policy", data=b"{}").status_code == 403


def test_a_store_that_refuses_us_is_not_a_missing_bucket(store, circle_id):
    bucket = ensure_bucket(store, circle_id)
    stranger = ObjectStore(replace(store.settings, secret_access_key="wrong"))
    with pytest.raises(StoreRefusedError):
        bucket_exists(stranger, bucket)


def test_owners_with_canonical_identifiers_need_no_statement(store):
    policy = rules.policy(store.settings, "circle-1", uuid.uuid4().hex * 2)
    assert not any("application" in statement["Sid"] for statement in policy["Statement"])


def test_users_of_a_tenant_are_named_as_such(store):
    policy = rules.policy(store.settings, "circle-1", "lab$dcor")
    assert "arn:aws:iam::lab:user/dcor" in json.dumps(policy)
