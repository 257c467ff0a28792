"""Normalisation of what people type: authors, DOIs and references.

Everything here is plain text in, plain text out; a value that cannot be repaired raises
:class:`BadTextError`, whose text says what would be right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit


class BadTextError(ValueError):
    """A text breaks a rule of its field; the message says which and what would be right."""


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(:\d+)?(/|$)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"'`\\{}|^]")

#: Prefix as stored → pattern of the identifier behind it.
IDENTIFIERS: dict[str, re.Pattern[str]] = {
    "doi:": re.compile(r"10\.\d{4,9}(\.\d+)*/[^\s\"'`\\{}|^]+"),
    "arXiv:": re.compile(r"([a-z-]+(\.[A-Za-z-]+)?/\d{7}|\d{4}\.\d{4,5})(v\d+)?", re.IGNORECASE),
    "bioRxiv:": re.compile(r"(10\.\d{4,9}/)?[A-Za-z0-9.]+(v\d+)?"),
}


def is_uuid(value: object) -> bool:
    """Whether a value is a UUID in lower case with dashes."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def split_list(value: object) -> list[str]:
    """The non-empty, trimmed items of a comma-separated list."""
    return [item.strip() for item in str(value).split(",") if item.strip()]


def authors(value: object) -> str:
    """Comma-separated authors, normalised; empty when there is none."""
    return ", ".join(split_list(value))


def doi(value: object) -> str:
    """A DOI without link and blanks.

    Raises
    ------
    BadTextError
        For a link that has no path.
    """
    text = str(value)
    if "://" in text:
        _host, slash, path = text.split("://", 1)[1].partition("/")
        if not slash or not path.strip("/ "):
            raise BadTextError(f"'{text}' is a link without a DOI; please use 10.<number>/<suffix>")
        text = path
    return text.strip(" /")


def _after(text: str, mark: str) -> str:
    return text.split(mark, 1)[1]


def _arxiv_identifier(text: str) -> str:
    path = _after(text, "arxiv.org/")
    for folder in ("abs/", "pdf/"):
        if path.startswith(folder):
            return path.removeprefix(folder).removesuffix(".pdf")
    return path.rsplit("/", 1)[-1].removesuffix(".pdf")


def _biorxiv_identifier(text: str) -> str:
    path = text.rsplit("biorxiv.org/", 1)[1].removeprefix("content/")
    return path.removesuffix(".full.pdf+html").removesuffix(".full.pdf")


def _with_prefix(text: str, prefix: str) -> str:
    """The prefix in its usual spelling."""
    if text.lower().startswith(prefix.lower()):
        return prefix + text[len(prefix) :]
    return text


def _normalise_reference(item: str) -> str:
    if "doi.org/" in item:
        return "doi:" + _after(item, "doi.org/")
    if "arxiv.org/" in item:
        item = "arXiv:" + _arxiv_identifier(item)
    elif "biorxiv.org/content/" in item:
        item = "bioRxiv:" + _biorxiv_identifier(item)
    for prefix in IDENTIFIERS:
        item = _with_prefix(item, prefix)
    return item


def _checked_link(item: str) -> str:
    link = f"https://{item}" if _HOST.match(item) else item
    if not is_safe_link(link):
        raise BadTextError(
            f"'{item}' is no reference; allowed are links with http or https, and "
            "identifiers that start with doi:, arXiv: or bioRxiv:"
        )
    return link


def is_safe_link(link: str) -> bool:
    """Whether a text may be rendered as a link: http or https, with a host, no odd characters."""
    if _UNSAFE.search(link):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def reference(item: str) -> str:
    """One reference in the form in which it is stored.

    Raises
    ------
    BadTextError
        If it is neither a link with http or https nor a valid identifier.
    """
    text = _normalise_reference(item)
    for prefix, pattern in IDENTIFIERS.items():
        if text.startswith(prefix):
            if not pattern.fullmatch(text.removeprefix(prefix)):
                raise BadTextError(f"'{item}' is no valid {prefix.rstrip(':')} identifier")
            return text
    return _checked_link(text)


def references(value: object) -> str:
    """Comma-separated references, each normalised and checked."""
    return ", ".join(reference(item) for item in split_list(value))


@dataclass(frozen=True)
class References:
    """The references of a dataset, sorted by kind, without their prefixes."""

    dois: list[str] = field(default_factory=list)
    biorxiv: list[str] = field(default_factory=list)
    arxiv: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def sort_references(value: object) -> References:
    """Stored references by kind; prefixes are cut at the first colon only."""
    found = References()
    kinds = {"doi:": found.dois, "bioRxiv:": found.biorxiv, "arXiv:": found.arxiv}
    for item in split_list(value or ""):
        for prefix, items in kinds.items():
            if item.startswith(prefix):
                items.append(item.removeprefix(prefix))
                break
        else:
            found.links.append(item)
    return found
