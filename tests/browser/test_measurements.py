"""The viewer on real measurements, with bundles that the suite makes of them."""

from __future__ import annotations

import re
from contextlib import closing

import dclab
import h5py
import numpy as np
import pytest
from dclab import isoelastics
from dclab.statistics import get_statistics
from playwright.sync_api import expect

from dcor_shared.testing.measurements import write_measurement

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


_PAIRS = [("area_um", "circ"), ("volume", "deform"), ("volume", "circ"), ("circ", "volume")]


@pytest.fixture(scope="module")
def with_all_pairs(tmp_path_factory):
    """A file with all features that there are isoelastics for."""
    path = tmp_path_factory.mktemp("pairs") / "pairs.rtdc"
    write_measurement(path, events=200, metadata={"setup:temperature": 23.0})
    with h5py.File(path, "a") as file:
        events = file["events"]
        for name, values in (
            ("volume", 1.2 * events["area_um"][:] ** 1.5),
            ("circ", 1 - events["deform"][:]),
        ):
            if name not in events:
                events[name] = values
    return path


@pytest.mark.parametrize(("x", "y"), _PAIRS)
def test_isoelastics_of_all_pairs_are_those_of_dclab(
    look, served_site, with_all_pairs, x, y
) -> None:
    lut = "HE-3D-FEM-22"
    with closing(Recorded(with_all_pairs)) as recorded, dclab.new_dataset(with_all_pairs) as ds:
        link = f"/page#view:x={x}&y={y}&iso={lut}&px=0&xr={_ALL[x]}&yr={_ALL[y]}"
        opened = look(served_site(measurement=recorded), path=link)
        expect(opened.page.get_by_label("Isoelastics")).to_have_value(lut)
        drawing = opened.save_plot("Drawing (SVG)")[1].decode()
        wanted = isoelastics.get_default().get_with_rtdcbase(
            col1=x, col2=y, dataset=ds, lut_identifier=lut, add_px_err=False
        )
        lines = re.findall(r'<path d="(M[^"]*)" fill="none" stroke="#555"/>', drawing)
        assert len(lines) == len(wanted)
        assert drawing.count(" kPa</text>") > 1
        for line, theirs in zip(lines, wanted, strict=True):
            shown = np.array([one.split() for one in re.split("[ML]", line)[1:]], float)
            assert np.allclose(shown, _placed(theirs[:, :2], x, y), atol=0.2)


_ALL = {"area_um": "0,300", "volume": "0,3000", "deform": "0,0.3", "circ": "0.7,1"}


def _placed(points: np.ndarray, x: str, y: str) -> np.ndarray:
    """Where points are in the drawing, whose plot is 480 x 400 large at (80, 40)."""
    (left, right), (low, high) = ([float(end) for end in _ALL[one].split(",")] for one in (x, y))
    across = 80 + 480 * (points[:, 0] - left) / (right - left)
    return np.column_stack([across, 40 + 400 * (high - points[:, 1]) / (high - low)])
