"""The policy as data: directives and their sources. Knows no request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Directives = dict[str, tuple[str, ...]]

_SELF, _NONE, _INLINE = "'self'", "'none'", "'unsafe-inline'"
_CAPTCHA = "https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"
#: What operators may add to.
_NAMES = frozenset(
    {
        "default-src",
        "script-src",
        "script-src-elem",
        "script-src-attr",
        "worker-src",
        "style-src",
        "img-src",
        "font-src",
        "connect-src",
        "media-src",
        "frame-src",
        "form-action",
        "frame-ancestors",
        "manifest-src",
        "report-uri",
        "report-to",
    }
)


#: What a directive falls back to that the policy does not have: naming it ends that.
_FALLBACKS = {
    "script-src-elem": "script-src",
    "script-src-attr": "script-src",
    "media-src": "default-src",
    "manifest-src": "default-src",
}
_KEYWORD = re.compile(
    r"'(self|unsafe-inline|unsafe-eval|wasm-unsafe-eval|unsafe-hashes|strict-dynamic|report-sample"
    r"|(nonce|sha256|sha384|sha512)-[A-Za-z0-9+/_=-]+)'"
)
_SCHEME = re.compile(r"(https?|wss?|data|blob|mediastream|filesystem):", re.IGNORECASE)
#: A misspelt directive is no host: those have a scheme or dots.
_HOST = re.compile(
    r"((https?|wss?)://(\*|\[[\da-f:.]+\]|(\*\.)?[\w-]+(\.[\w-]+)*)"
    r"|\*|localhost|(\*\.)?[\w-]+(\.[\w-]+)+)"
    r"(:(\d+|\*))?(/[^'\"]*)?",
    re.IGNORECASE | re.ASCII,
)
#: Nor is one with something behind it: a host with such a name needs its scheme.
_DIRECTIVE = re.compile(
    rf"{'|'.join(sorted(_NAMES))}|[a-z-]+-(src|uri|action|ancestors)(?![\w-])", re.IGNORECASE
)
_REPORTS = {"report-uri": re.compile(r"(/|https?://)[^'\"]*"), "report-to": re.compile(r"[\w-]+")}


class WrongSourcesError(ValueError):
    """The option with further sources cannot be read."""


def site_policy(store: str, *, has_captcha: bool = False) -> Directives:
    """What pages of the site may load: scripts come from the site alone, none are in a page.

    Styles may be in elements, where CKAN writes them; pictures may come from elsewhere, because
    people may put them into descriptions.

    Parameters
    ----------
    store
        URL of the object store, empty if there is none.
    has_captcha
        Whether forms ask for a captcha.
    """
    of_store = (origin(store),) if origin(store) else ()
    captcha = _CAPTCHA if has_captcha else ()
    return {
        "default-src": (_SELF,),
        "script-src": (_SELF, *captcha),
        "worker-src": (_SELF,),
        "style-src": (_SELF, _INLINE),
        "img-src": (_SELF, "data:", "blob:", "https:", *of_store),
        "font-src": (_SELF, "data:"),
        "connect-src": (_SELF, *of_store),
        "frame-src": (_SELF, *captcha),
        "object-src": (_NONE,),
        "base-uri": (_SELF,),
        "form-action": (_SELF,),
        "frame-ancestors": (_SELF,),
    }


def handlers_in_elements() -> Directives:
    """What CKAN's own form for files needs besides: ``onclick`` in elements, still no scripts."""
    return {"script-src-attr": (_INLINE,)}


def origin(url: str) -> str:
    """Scheme, host and port of a URL, and nothing secret that is in it; empty if it has none."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}" if parts.scheme and place else ""


def parse_sources(words: Sequence[str]) -> Directives:
    """Directives with their sources: ``script-src https://a img-src https://b``.

    Raises
    ------
    WrongSourcesError
        If it does not begin with a directive, one of the words cannot be in a policy, or could be
        a misspelt directive. Sources are only added, so that ``'none'`` says nothing.
    """
    found: dict[str, tuple[str, ...]] = {}
    name = ""
    for word in words:
        if word in _NAMES:
            name = word
            found.setdefault(name, ())
        elif not name or not _is_source(name, word):
            raise WrongSourcesError(
                f"{word!a} is out of place: name a directive ({', '.join(sorted(_NAMES))}), then"
                " its sources (https://host.example, host.example, data:, 'self'), with blanks"
                " between them; 'none' cannot be added."
            )
        else:
            found[name] += (word,)
    return found


def _is_source(name: str, word: str) -> bool:
    if not word.isascii() or not word.isprintable() or any(sign in word for sign in ";, "):
        return False
    if _DIRECTIVE.match(word):
        return False
    if name in _REPORTS:
        return _REPORTS[name].fullmatch(word) is not None
    return any(kind.fullmatch(word) for kind in (_KEYWORD, _SCHEME, _HOST))


def with_more(first: Mapping[str, Sequence[str]], more: Mapping[str, Sequence[str]]) -> Directives:
    """A policy with further sources; directives that are new in it begin with their fallback's."""
    found = merged(first, {name: more[name] for name in more if name not in _FALLBACKS})
    begun = {name: found.get(_FALLBACKS[name], ()) for name in more if name in _FALLBACKS}
    return merged(found, begun, more)


def merged(first: Mapping[str, Sequence[str]], *others: Mapping[str, Sequence[str]]) -> Directives:
    """All sources of all of them, each once."""
    found = {name: tuple(sources) for name, sources in first.items()}
    for other in others:
        for name, sources in other.items():
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *sources)))
    return found


def header(directives: Mapping[str, Sequence[str]]) -> str:
    """The value of the header."""
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())
