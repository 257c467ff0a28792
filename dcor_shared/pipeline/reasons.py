"""Why a step failed, in a form that may be stored and shown."""

from __future__ import annotations

import re

from dcor_shared.measurement.errors import MeasurementError
from dcor_shared.objects.errors import ObjectStoreError
from dcor_shared.pipeline.steps import PermanentFailureError

# Messages of HTTP libraries contain URLs; a presigned one is a key.
_QUERY = re.compile(r"(https?://[^\s?'\"]+)\?[^\s'\"]*")
# Accounts and passwords before the host of any URL.
_ACCOUNT = re.compile(r"(\w+://)[^\s/@'\"]+@")
# A path of the server is nobody's business; the name of the file may help.
_FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s/'\":]+/)+")
_MAX_LENGTH = 2000


class StepTimeoutError(Exception):
    """A step took longer than it may."""

    code = "timeout"


#: Errors of the suite, whose texts are written for everybody. Whether an error has a code says
#: nothing: those of SQLAlchemy have one too, and name statements, their values and hosts.
_OWN = (MeasurementError, ObjectStoreError, PermanentFailureError, StepTimeoutError)


def reason(error: BaseException) -> tuple[str, str, bool]:
    """Code, text and finality of a failure.

    Everybody who may see the resource sees the text. So only errors of the suite speak for
    themselves; those of libraries and of the object store name addresses, accounts and queries,
    which belong into the log alone.
    """
    if not isinstance(error, _OWN):
        name = type(error).__name__
        return name, f"Something went wrong on the server ({name}); its log says more.", False
    code = error.code
    if isinstance(error, ObjectStoreError):
        text = f"The object store could not be used ({code}); the log of the server says more."
    else:
        text = without_secrets(f"{error}")
    permanent = isinstance(error, PermanentFailureError) or getattr(error, "permanent", False)
    return code, text, bool(permanent)


def without_secrets(text: str) -> str:
    """The text without accounts and queries of URLs and folders of files; not too long to show."""
    shown = _ACCOUNT.sub(r"\1", _QUERY.sub(r"\1", text))
    return _FOLDERS.sub("", shown)[:_MAX_LENGTH]
