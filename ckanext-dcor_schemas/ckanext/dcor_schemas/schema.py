"""The schema of datasets and resources: CKAN's, changed where the data model differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.plugins import toolkit as tk

if TYPE_CHECKING:
    from ckan.types import Schema

#: Fields of CKAN that the repository does not have.
REMOVED = ("author", "author_email", "maintainer", "maintainer_email", "url", "version")
#: Fields that are stored as extras and shown at the top level.
PROMOTED = ("authors", "doi", "references")
#: What is shown of the collections that a dataset is in.
GROUP_KEYS = ("id", "name", "title", "description", "display_name", "image_display_url")


def create_schema(core: Schema) -> Schema:
    """Schema of new datasets, made from CKAN's."""
    _change_common(core)
    core["__before"] = [*_named("dcor_schemas_registration"), *core.get("__before", [])]
    core["__after"] = [*core.get("__after", []), *_named("dcor_schemas_new_resources")]
    core["id"] = _named(
        "ignore_missing", "dcor_schemas_uuid", "package_id_does_not_exist", "unicode_safe"
    )
    core["name"] = [*_named("dcor_schemas_text", "dcor_schemas_slug"), *core["name"]]
    core["title"] = [*_named("dcor_schemas_title"), *core["title"]]
    core["state"] = _named("dcor_schemas_state_of_new")
    return core


def update_schema(core: Schema) -> Schema:
    """Schema of changed datasets, made from CKAN's."""
    _change_common(core)
    before = _named("dcor_schemas_registration", "dcor_schemas_keep_frozen")
    core["__before"] = [*before, *core.get("__before", [])]
    core["__after"] = [*core.get("__after", []), *_named("dcor_schemas_resources")]
    core["owner_org"] = [*_named("dcor_schemas_keep_circle"), *core["owner_org"]]
    core["name"] = [*_named("dcor_schemas_text"), *core["name"]]
    core["state"] = _named("dcor_schemas_state")
    return core


def show_schema(core: Schema) -> Schema:  # noqa: ARG001
    """Schema of shown datasets: it passes everything on; see :func:`present`.

    What is stored was validated when it came in. CKAN validates every dataset it shows with its
    own schema anyway; doing it twice is what makes large datasets slow.
    """
    return {"id": [], "__extras": _named("keep_extras")}


def present(package_dict: dict[str, Any]) -> None:
    """Show the fields of the repository at the top level; for ``after_dataset_show``.

    It may be called again for a dataset that was presented before.
    """
    for name in REMOVED:
        package_dict.pop(name, None)
    extras = package_dict.get("extras") or []
    for extra in extras:
        if extra["key"] in PROMOTED:
            package_dict[extra["key"]] = extra["value"]
    package_dict["extras"] = [extra for extra in extras if extra["key"] not in PROMOTED]
    groups = package_dict.get("groups") or []
    package_dict["groups"] = [{key: g[key] for key in GROUP_KEYS if key in g} for g in groups]


def _change_common(core: Schema) -> None:
    for name in REMOVED:
        core.pop(name, None)
    core["authors"] = _named("dcor_schemas_authors", "convert_to_extras")
    for name in ("doi", "references"):
        core[name] = _named("ignore_empty", f"dcor_schemas_{name}", "convert_to_extras")
    core["license_id"] = _named("dcor_schemas_license", "unicode_safe")
    core["tag_string"] = [*_named("dcor_schemas_text"), *core["tag_string"]]
    core["private"] = _named(
        "dcor_schemas_private", "datasets_with_no_organization_cannot_be_private"
    )
    core["resources"] = _resource_schema(dict(core["resources"]))


def _resource_schema(core: dict[str, Any]) -> dict[str, Any]:
    """Schema of resources; ids and names are checked together, after all else."""
    core["id"] = _named("ignore_empty", "unicode_safe")
    core["package_id"] = _named("ignore")
    core["size"] = [*core["size"], *_named("dcor_schemas_size")]
    core["__extras"] = [*_named("ignore_missing", "dcor_schemas_metadata"), *core["__extras"][1:]]
    return core


def _named(*names: str) -> list[Any]:
    return [tk.get_validator(name) for name in names]
