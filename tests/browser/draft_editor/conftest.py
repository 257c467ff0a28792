"""Researchers at the draft editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dcor_shared.testing.measurements import write_measurement
from tests.browser.drafting import Drafting, sign_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.harness.people import Person
    from tests.harness.served import Served


@pytest.fixture
def researcher(served: Served) -> Person:
    """Somebody with an account and nothing else."""
    return sign_up(served)


@pytest.fixture
def at_work(
    chromium: Browser, served: Served, researcher: Person
) -> Iterator[Callable[..., Drafting]]:
    """Signs the researcher in: ``at_work(**context)``; complaints of the page fail the test."""
    begun: list[Drafting] = []

    def begin(**context: Any) -> Drafting:
        begun.append(Drafting.begin(chromium, served, researcher, **context))
        return begun[-1]

    yield begin
    for drafting in begun:
        drafting.context.close()
        assert drafting.complaints == []


@pytest.fixture
def drafting(at_work: Callable[..., Drafting]) -> Drafting:
    """The researcher at a desk."""
    return at_work()


@pytest.fixture
def draft(served: Served, researcher: Person) -> dict[str, Any]:
    """A draft of the researcher, made by a program."""
    circle = served.call("organization_create", researcher, name=f"c-{researcher.name}")
    return served.call(
        "package_create",
        researcher,
        title="A draft",
        authors="Peter Pan",
        license_id="CC-BY-4.0",
        owner_org=circle["id"],
        state="draft",
        private=True,
    )


@pytest.fixture(scope="package")
def measurements(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two measurements, one of them with a name that the site does not take as it is."""
    folder = tmp_path_factory.mktemp("measurements")
    paths = [folder / "M001 first.RTDC", folder / "second.rtdc"]
    for number, path in enumerate(paths):
        write_measurement(path, events=200, seed=number)
    return paths


@pytest.fixture
def shown(served: Served, researcher: Person) -> Callable[[str], dict[str, Any]]:
    """A dataset as the API shows it."""
    return lambda dataset_id: served.call("package_show", researcher, id=dataset_id)
