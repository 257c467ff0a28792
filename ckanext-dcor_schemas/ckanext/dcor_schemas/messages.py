"""The texts of refusals: clients match fragments of them literally, so they stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

# Fixed texts
CREATE_ONLY_BY_API = (
    "Datasets are created through the API only, for example in the draft editor"
    " (/dataset/draft/new) or with DCOR-Aid"
)
ID_ONLY_BY_SYSADMIN = "Only sysadmins may specify a dataset ID"
NO_PUBLIC_CREATE = "Creating public datasets has been disabled"
NO_PUBLIC_UPDATE = "Public datasets have been disabled"
NO_WAY_BACK_TO_PRIVATE = "Changing visibility to private not allowed"
NO_STRICTER_LICENSE = "Cannot switch to more-restrictive license"
NO_WAY_BACK_TO_DRAFT = "Changing dataset state to draft not allowed"
ONLY_DRAFTS_DELETED = "Only draft datasets can be deleted"
ONLY_DELETED_PURGED = "Only deleted datasets can be purged"
RESOURCES_OF_DRAFTS_ONLY = "Editing resources for non-draft datasets not allowed"
NO_PACKAGE_ID = "No package_id specified"
NO_ORGANIZATION_ID = "No organization_id provided"
NO_RESOURCES = "Cannot activate the dataset, because it does not contain any resources"
NO_MEASUREMENT = "Cannot activate the dataset, make sure that it contains a valid DC resource"
OTHER_FILES = f"{NO_MEASUREMENT} and that all of its files are the registered ones"
ONLY_ADMINS = "Only admins may do this"
RELATED_BY_SYSADMIN = "Only sysadmins may relate datasets to each other"
EDIT_DRAFT_HINT = (
    "Resources of drafts cannot be edited on this page; please use the draft editor, DCOR-Aid or"
    " the API (package_revise)"
)

# Texts of our own
REGISTER_FIRST = (
    "Cannot activate the dataset together with new resources; "
    "register them first and activate in a second call"
)
OUTSIDE_DRAFT = "Changing dataset state to '{0}' not allowed; only drafts can be activated"
CIRCLE_RIGHT = (
    "{0} needs the role admin or editor in the circle of the dataset; "
    "being a collaborator is not enough"
)
KEEP_CIRCLE = (
    "A dataset that has resources stays in its circle; remove the resources of a draft first, "
    "or ask an administrator to move it (ckan dcor-move-dataset-to-circle)"
)
GROUP_USERS_HIDDEN = "Only members of this group may see who its members are"
GROUP_DELETED = "This group was deleted; only its admins may see it"
LISTING_DISABLED = "Listing content requires an authenticated user on this site"
ONLY_OWN_PROFILE = "Users may only see their own profile"


def needs_login(action: str) -> str:
    """A visitor asks for something that is for users."""
    return f"Action {action} requires an authenticated user"


def not_for_non_draft(key: str) -> str:
    """A frozen field of a dataset that is no draft."""
    return f"Changing '{key}' not allowed for non-draft datasets!"


def editing_not_allowed(values: Mapping[str, Any]) -> str:
    """Fields of an existing resource (or the name of a dataset) that only the server sets."""
    listed = ", ".join(f"{key}={value}" for key, value in values.items())
    return f"Editing not allowed: {listed}"


def may_not_specify(key: str) -> str:
    """A hash sent with a new resource."""
    return f"Regular users may not specify '{key}'"


def may_not_edit(key: str) -> str:
    """A hash of an existing resource that differs."""
    return f"Regular users may not edit '{key}'"


def resource_id_exists(resource_id: str) -> str:
    """A new resource with an id that is taken."""
    return f"A resource with the id '{resource_id}' already exists!"


def not_on_s3(resource_id: str) -> str:
    """A new resource whose file was not uploaded to the circle of the dataset."""
    return (
        f"Resource '{resource_id}' is not available on S3; "
        "upload the file to the URLs of resource_upload_s3_urls first"
    )


def uploaded_by_others(resource_id: str) -> str:
    """A new resource whose upload URLs were given to somebody else."""
    return (
        f"The file of resource '{resource_id}' was uploaded by somebody else, and only they may "
        "register it; please upload the file yourself, or ask an administrator"
    )


def keys_not_allowed(offending: Iterable[str], allowed: Iterable[str]) -> str:
    """Fields that a new resource may not bring along."""
    return f"Keys not allowed: {', '.join(offending)}; allowed keys are {', '.join(allowed)}"


def name_exists(name: str) -> str:
    """Two resources of one dataset with the same name."""
    return f"'{name}' already exists!"


def not_authorized_to_create(user: str | None, circle: object = None) -> str:
    """No right to create datasets at all, or in this circle."""
    where = f" in circle {circle}" if circle else ""
    return f"User {user} not authorized to create packages{where}"


def not_authorized_to_edit(user: str | None, package_id: str) -> str:
    """No core edit right on a dataset."""
    return f"User {user} not authorized to edit package {package_id}"


def not_authorized_for_collection(user: str | None, collection: str) -> str:
    """No right to change what is in a collection."""
    return f"User {user} not authorized to edit collection {collection}"


def not_authorized_to_collect(user: str | None, package_id: str) -> str:
    """A dataset that is not public may only be shared by those who may edit it."""
    return (
        f"User {user} not authorized to edit package {package_id}; "
        "only datasets that are public and active may be added to a collection by others"
    )


def not_in_circle(organization_id: str) -> str:
    """Upload URLs for a circle without the right to create datasets there."""
    return f"You are not a member of the circle {organization_id} or it does not exist"


def not_your_upload(resource_id: str) -> str:
    """An upload that somebody else began, or nobody."""
    return f"You have no upload with the id '{resource_id}'"


def choose_license(license_ids: Iterable[str]) -> str:
    """No licence, or one that the site does not offer."""
    return f"Please choose a license_id: [{', '.join(repr(i) for i in license_ids)}]"
