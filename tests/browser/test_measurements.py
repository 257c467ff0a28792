"""The viewer on real measurements, with bundles that the suite makes of them."""

from __future__ import annotations

from contextlib import closing

import dclab
import numpy as np
import pytest
from dclab.statistics import get_statistics

from .recorded import Recorded

_FILES = ["calibration_beads_47.rtdc", "cytoshot_blood.rtdc", "blood_rbc_leukocytes.rtdc"]


@pytest.fixture(params=_FILES)
def recorded(request):
    with closing(Recorded(request.param)) as made:
        yield made


def test_plot_event_gallery_and_statistics(look, served_site, recorded) -> None:
    opened = look(served_site(measurement=recorded), path="/page#view:e=0")
    opened.says(".dcv-event [role=status]", "Event 0:")
    images = recorded.header["images"]["image"]
    if images:
        opened.find(".dcv-picture").wait_for()
        opened.find(".dcv-more").scroll_into_view_if_needed()
        opened.find(".dcv-more .dcv-tile[data-drawn]").first.wait_for()
    assert opened.find(".dcv-traces").is_visible() == (recorded.header["traces"] is not None)
    opened.screenshot(f"measurement-{recorded.path.stem}")
    opened.page.get_by_role("tab", name="Statistics").click()
    opened.find(".dcv-statistics tbody tr").first.wait_for()


def test_values_of_an_event_are_those_of_dclab(look, served_site) -> None:
    with closing(Recorded(_FILES[0])) as recorded, dclab.new_dataset(recorded.path) as ds:
        opened = look(served_site(measurement=recorded), path="/page#view:e=46")
        opened.says(".dcv-event [role=status]", "Event 46:")
        for feature, label in (("area_um", "Area [µm²]"), ("fl1_max", "FL-1 maximum [a.u.]")):
            row = opened.find(".dcv-values tbody tr").filter(
                has=opened.page.get_by_role("rowheader", name=label, exact=True)
            )
            shown = row.locator("td").first.inner_text()
            wanted = float(ds[feature][46])
            assert float(shown.replace("\u202f", "").replace("\u2212", "-")) == pytest.approx(
                wanted, rel=1e-4
            )


def test_statistics_of_a_selection_are_those_of_dclab(look, served_site) -> None:
    with closing(Recorded(_FILES[0])) as recorded, dclab.new_dataset(recorded.path) as ds:
        # everything: the statistics of the selection are those of the file
        link = "/page#view:sel=area_um:deform:0,-1;1000,-1;1000,1;0,1"
        opened = look(served_site(measurement=recorded), path=link)
        opened.says(".dcv-selection", "47 of 47 events shown")
        names = opened.find(".dcv-selection thead th").all_inner_texts()[1:]
        row = opened.find(".dcv-selection tbody tr").filter(has_text="Deformation")
        shown = [float(cell) for cell in row.locator("td").all_inner_texts()]
        _, wanted = get_statistics(ds, methods=names, features=["deform"])
        assert np.allclose(shown, wanted, rtol=1e-3)
