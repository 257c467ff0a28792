"""Why a step failed, in a form that may be stored and shown."""

from __future__ import annotations

import re

from dcor_shared.pipeline.steps import PermanentFailureError

# Messages of HTTP libraries contain URLs; a presigned one is a key.
_QUERY = re.compile(r"(https?://[^\s?'\"]+)\?[^\s'\"]*")
# A path of the server is nobody's business; the name of the file may help.
_FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s/'\":]+/)+")
_MAX_LENGTH = 2000


class StepTimeoutError(Exception):
    """A step took longer than it may."""

    code = "timeout"


def reason(error: BaseException) -> tuple[str, str, bool]:
    """Code, text and finality of a failure.

    Errors of the suite have a code; of others the name of their class is taken.
    """
    code = getattr(error, "code", None)
    if not isinstance(code, str):
        return type(error).__name__, without_secrets(f"{error}"), False
    permanent = isinstance(error, PermanentFailureError) or getattr(error, "permanent", False)
    return code, without_secrets(f"{error}"), bool(permanent)


def without_secrets(text: str) -> str:
    """The text without queries of URLs and folders of files, cut to a length one can show."""
    return _FOLDERS.sub("", _QUERY.sub(r"\1", text))[:_MAX_LENGTH]
