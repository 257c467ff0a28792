"""Code that people copy from the page of a measurement: how it is opened from afar."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

TOKEN = "<your API token>"  # noqa: S105 - a place holder


@dataclass(frozen=True)
class Place:
    """Where a measurement is.

    Attributes
    ----------
    site_url
        Public URL of the site.
    package_id, resource_id
        The dataset and the measurement.
    is_private
        Whether readers need a token.
    """

    site_url: str
    package_id: str
    resource_id: str
    is_private: bool

    @property
    def action(self) -> str:
        """Address of the action that serves measurements."""
        return f"{self.site_url.rstrip('/')}/api/3/action/dcserv"

    @property
    def condensed(self) -> str:
        """Address of the condensed file."""
        path = f"dataset/{self.package_id}/resource/{self.resource_id}/condensed.rtdc"
        return f"{self.site_url.rstrip('/')}/{path}"

    def feature(self, name: str, form: str) -> str:
        """Address of one feature."""
        return (
            f"{self.action}?id={self.resource_id}&version=3&query=feature"
            f"&format={form}&feature={name}"
        )


@dataclass(frozen=True)
class Snippet:
    """Something to copy.

    Attributes
    ----------
    name
        Short name without blanks.
    title
        Heading for people.
    code
        What is copied.
    """

    name: str
    title: str
    code: str


def snippets(place: Place) -> list[Snippet]:
    """All snippets, in the order in which they are shown."""
    return [
        Snippet("dclab", "Python with dclab", dclab(place)),
        Snippet("pandas", "Python with pandas", pandas(place)),
        Snippet("r", "R", r(place)),
        Snippet("curl", "curl", curl(place)),
        Snippet("dcscope", "DCscope: File, Load from DCOR, search for", place.resource_id),
    ]


def dclab(place: Place) -> str:
    """Python code that opens the measurement with dclab.

    dclab takes a port only as part of ``host``, never in an address.
    """
    site = urlsplit(place.site_url)
    lines = [f'"{place.resource_id}",', f'host="{site.netloc}",']
    if site.scheme == "http":
        lines.append("use_ssl=False,")
    if place.is_private:
        lines.append(f'api_key="{TOKEN}",')
    arguments = "\n".join(f"    {line}" for line in lines)
    return f'import dclab\n\nds = dclab.new_dataset(\n{arguments}\n)\nprint(ds["deform"][:10])\n'


def pandas(place: Place) -> str:
    """Python code that makes a data frame of two features."""
    headers = f'\n        headers={{"Authorization": "{TOKEN}"}},' if place.is_private else ""
    return f"""\
import io

import numpy as np
import pandas as pd
import requests


def feature(name):
    answer = requests.get(
        "{place.action}",
        params={{
            "id": "{place.resource_id}",
            "version": "3",
            "query": "feature",
            "feature": name,
            "format": "npy",
        }},{headers}
        timeout=60,
    )
    answer.raise_for_status()
    return np.load(io.BytesIO(answer.content))


data = pd.DataFrame({{name: feature(name) for name in ("area_um", "deform")}})
print(data.describe())
"""


def r(place: Place) -> str:
    """R code that makes a data frame of two features; base R is enough."""
    address = place.feature("", "csv")
    if place.is_private:
        source = f'url(address, headers = c(Authorization = "{TOKEN}"))'
    else:
        source = "address"
    return f"""\
feature <- function(name) {{
  address <- paste0("{address}", name)
  read.csv({source})[[name]]
}}
data <- data.frame(area_um = feature("area_um"), deform = feature("deform"))
summary(data)
"""


def curl(place: Place) -> str:
    """Commands that download one feature, and the condensed file."""
    header = f' -H "Authorization: {TOKEN}"' if place.is_private else ""
    return (
        f'curl -f{header} -o deform.npy "{place.feature("deform", "npy")}"\n'
        f'curl -fLOJ{header} "{place.condensed}"\n'
    )
