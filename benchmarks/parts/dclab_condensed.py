"""Condensed files as dclab's own command makes them, in the place of the suite's."""

from __future__ import annotations

import json
import shutil
import warnings
from typing import TYPE_CHECKING

import psycopg2

from dcor_shared.objects.names import object_name, object_url
from dcor_shared.objects.settings import StoreSettings
from dcor_shared.objects.store import ObjectStore

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.parts.instance import Uploaded
    from tests.harness.served import Served

#: Features of the synthetic measurement that a condensed file does not hold.
_PICTURES = ["image", "image_bg", "mask"]


def condense(path: Path, out: Path) -> Path:
    """Condense with ``dclab-condense``."""
    from dclab.cli import condense as dclab_condense

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dclab_condense(path_in=path, path_out=out)
    return out


def with_basins(file: Path, served: Served, uploaded: Uploaded) -> Path:
    """A copy of a condensed file with the basins that DCOR adds."""
    from dclab import RTDCWriter

    copy = file.with_name(f"{uploaded.id}.rtdc")
    shutil.copyfile(file, copy)
    settings = _settings(served)
    url = object_url(settings, object_name(settings, uploaded.circle, uploaded.id))
    api = f"{served.url}/api/3/action/dcserv?id={uploaded.id}"
    basins = [
        ("DCOR dcserv", "dcor", api, "Original access via DCOR API"),
        ("DCOR direct S3", "s3", url, "Direct access via S3"),
        ("DCOR public S3 via HTTP", "http", url, "Public resource access via HTTP"),
    ]
    with RTDCWriter(copy, mode="append") as writer:
        for name, kind, location, text in basins:
            writer.store_basin(
                basin_name=name,
                basin_type="remote",
                basin_format=kind,
                basin_locs=[location],
                basin_descr=text,
                basin_feats=_PICTURES,
                verify=False,
            )
    return copy


def announce_basins(served: Served, uploaded: Uploaded) -> None:
    """Announce the features of all basins of the condensed file as features of the file."""
    with psycopg2.connect(served.database_url) as link, link.cursor() as cursor:
        cursor.execute(
            "UPDATE dcor_record SET modified = clock_timestamp(),"
            " condensed = jsonb_set(condensed, '{basin_features}', %s) WHERE resource_id = %s",
            [json.dumps(_PICTURES), uploaded.id],
        )


def replace(served: Served, uploaded: Uploaded, file: Path, *, private: bool) -> None:
    """Put a file in the place of the condensed file of a measurement."""
    settings = _settings(served)
    name = object_name(settings, uploaded.circle, uploaded.id, "condensed")
    tags = {} if private else {"Tagging": "public=true"}
    ObjectStore(settings).client.put_object(
        Bucket=name.bucket, Key=name.key, Body=file.read_bytes(), **tags
    )


def _settings(served: Served) -> StoreSettings:
    return StoreSettings(
        endpoint_url=served.s3_endpoint,
        bucket_name=served.bucket_name,
        access_key_id=served.store.access_key_id,
        secret_access_key=served.store.secret_access_key,
    )
