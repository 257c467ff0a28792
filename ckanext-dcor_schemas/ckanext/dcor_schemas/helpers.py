"""Helpers for templates; templates call these and never the rules themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.dcor_schemas import (
    config,
    figures,
    licences,
    stored,
    supplements,
    text,
    views,
    vocabulary,
)
from ckanext.dcor_schemas.readiness import gather
from ckanext.dcor_schemas.validators.fields import registered_licenses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ckanext.dcor_schemas.readiness.report import Report

#: Fields of a resource that its page does not show, as they are stored.
_HIDDEN_FIELDS = frozenset(
    {
        "id",
        "package_id",
        "position",
        "last_modified",
        "revision_id",
        "url_type",
        "state",
        "on_same_domain",
        "has_views",
    }
)
_CHARACTERS_OF_LINKS = "/:;()._-~+@!$&',=?#%"


@dataclass(frozen=True)
class Link:
    """A reference as a page shows it; without `href` it is plain text."""

    text: str
    href: str = ""


def template_helpers() -> dict[str, Callable[..., Any]]:
    """Helpers by the names under which templates know them."""
    functions: tuple[Callable[..., Any], ...] = (
        dcor_schemas_get_user_name,
        dcor_schemas_get_reference_dict,
        dcor_schemas_reference_links,
        dcor_schemas_doi_link,
        dcor_schemas_license_options,
        dcor_schemas_get_composite_section_item_list,
        dcor_schemas_resource_fields,
        dcor_schemas_dataset_check,
        dcor_schemas_has_resources,
    )
    others = {
        "humanize_entity_type": vocabulary.humanize_entity_type,
        "dcor_schemas_allows_public": config.allow_public_datasets,
        "dcor_schemas_size": figures.size,
        "dcor_schemas_duration": figures.duration,
        "dcor_schemas_pause_before": views.pause_before,
    }
    return {function.__name__: function for function in functions} | others


def dcor_schemas_get_user_name(user_id: str) -> tuple[str, str]:
    """Name and display name of a user; the id and nothing if the viewer may not see them."""
    context = {"user": tk.current_user.name}
    try:
        tk.check_access("user_show", context, {"id": user_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return user_id, ""
    user = model.User.get(user_id)
    return (user.name, user.display_name) if user else (user_id, "")


def dcor_schemas_get_reference_dict(references: str | None) -> dict[str, list[str]]:
    """Stored references by kind: ``arxiv``, ``biorxiv``, ``dois``, ``links``."""
    found = text.sort_references(references)
    return {
        "arxiv": found.arxiv,
        "biorxiv": found.biorxiv,
        "dois": found.dois,
        "links": found.links,
    }


def dcor_schemas_reference_links(references: str | None) -> list[Link]:
    """References as links; what is no web link is text."""
    found = text.sort_references(references)
    return [
        *(dcor_schemas_doi_link(doi, "doi:") for doi in found.dois),
        *(_link(f"bioRxiv:{i}", "https://biorxiv.org/content/", i) for i in found.biorxiv),
        *(_link(f"arXiv:{i}", "https://arxiv.org/abs/", i) for i in found.arxiv),
        *(Link(link, link if text.is_safe_link(link) else "") for link in found.links),
    ]


def dcor_schemas_doi_link(doi: str, prefix: str = "") -> Link:
    """Link to the page of a DOI."""
    return _link(prefix + doi, "https://doi.org/", doi)


def _link(shown: str, base: str, identifier: str) -> Link:
    return Link(shown, base + quote(identifier, safe=_CHARACTERS_OF_LINKS))


def dcor_schemas_license_options(current: str | None = "none") -> list[tuple[str, str]]:
    """(id, title) of the licences that a dataset under the licence `current` may get."""
    return licences.options(registered_licenses(), current)


def dcor_schemas_get_composite_section_item_list() -> list[dict[str, Any]]:
    """The supplement schema for forms: sections with (composite key, title, placeholder)."""
    return [
        {
            "name": section.key.capitalize(),
            "hint": section.hint,
            "items": [[i.composite_key, _title(i), _placeholder(i)] for i in section.items],
        }
        for section in supplements.sections()
    ]


def _title(item: supplements.Item) -> str:
    unit = f" [{item.unit}]" if item.unit else ""
    hint = f" ({item.hint})" if item.hint else ""
    return f"{item.name}{unit}{hint}"


def _placeholder(item: supplements.Item) -> str:
    if item.example is not None:
        return f"e.g. {item.example}"
    return "e.g. yes" if item.type == "boolean" else "text"


def dcor_schemas_resource_fields(resource: Mapping[str, Any]) -> dict[str, list[tuple[str, Any]]]:
    """Fields of a resource for its page: ``plain`` ones, and ``more`` (``dc:*``, ``sp:*``)."""
    shown = [
        (key, value)
        for key, value in sorted(resource.items())
        if key not in _HIDDEN_FIELDS and value not in (None, "", [], {})
    ]
    return {
        "plain": [(key.replace("_", " "), value) for key, value in shown if ":" not in key],
        "more": [entry for entry in shown if ":" in entry[0]],
    }


def dcor_schemas_dataset_check(dataset: Mapping[str, Any]) -> Report:
    """What still prevents the activation of a draft, without asking the object store."""
    return gather.check_dataset(dataset, look_at_objects=False)


def dcor_schemas_has_resources(dataset_id: str) -> bool:
    """Whether a dataset has resources; while it does, it stays in its circle."""
    return bool(stored.resource_names(dataset_id))
