"""The rival of the benchmark ``preview``: the picture of the reference release, by matplotlib.

The composition is that of ``views-theme-depot.md`` §1.6: five panels made of the first 5 000
events, 80 dpi.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dclab
import matplotlib as mpl
import numpy as np

mpl.use("Agg")

import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from pathlib import Path

_EVENTS, _SHOWN = 5000, 47
_COLORS = {"fl1_raw": "#15BF00", "fl2_raw": "#BF8A00", "fl3_raw": "#BF0C00"}


def draw(path: Path, out: Path) -> None:
    """Draw the preview of a measurement that has everything."""
    with dclab.new_dataset(path) as whole:
        whole.filter.manual[min(len(whole), _EVENTS) :] = False
        whole.apply_filter()
        ds = dclab.new_dataset(whole)
        figure, panels = plt.subplots(
            5, 1, figsize=(4, 12), gridspec_kw={"height_ratios": [2, 2, 1, 1, 2]}
        )
        _scatter(figure, panels, ds)
        index = min(len(ds) - 1, _SHOWN)
        _image(panels[2], ds, index)
        _mask(panels[3], ds, index)
        _traces(panels[4], ds, index)
        plt.tight_layout()
        figure.savefig(out, dpi=80)
        plt.close(figure)


def _scatter(figure: Any, panels: Any, ds: Any) -> None:
    x, y = ds["area_um"], ds["deform"]
    panels[0].plot(x, y, "o", color="k", alpha=0.2, ms=1)
    panels[0].set_title("Basic scatter plot")
    density = ds.get_kde_scatter(xax="area_um", yax="deform", kde_type="histogram")
    points = panels[1].scatter(x, y, c=density, s=3)
    figure.colorbar(points, ax=panels[1], label="kernel density [a.u]")
    panels[1].set_title("KDE scatter plot")
    for panel in panels[:2]:
        panel.set_xlim(*np.percentile(x, [1, 99]))
        panel.set_ylim(*np.percentile(y, [1, 99]))
        panel.set_xlabel(dclab.dfn.get_feature_label("area_um"))
        panel.set_ylabel(dclab.dfn.get_feature_label("deform"))


def _image(panel: Any, ds: Any, index: int) -> None:
    panel.imshow(ds["image"][index], cmap="gray")
    outline = ds["contour"][index]
    panel.plot(outline[:, 0], outline[:, 1], "r-")
    panel.set(title="Event image with contour", xlabel="Detector X [px]", ylabel="Detector Y [px]")


def _mask(panel: Any, ds: Any, index: int) -> None:
    size, mask = ds.config["imaging"]["pixel size"], ds["mask"][index]
    panel.imshow(mask, cmap="gray", extent=(0, mask.shape[1] * size, 0, mask.shape[0] * size))
    panel.set(title="Event mask", xlabel="Detector X [µm]", ylabel="Detector Y [µm]")


def _traces(panel: Any, ds: Any, index: int) -> None:
    rate = ds.config["fluorescence"]["sample rate"]
    for name, color in _COLORS.items():
        if name in ds["trace"]:
            trace = ds["trace"][name][index]
            panel.plot(np.arange(len(trace)) / rate * 1e6, trace, color=color, label=name)
            panel.set_xlim(0, (len(trace) - 1) / rate * 1e6)
    panel.legend()
    panel.set(title="Fluorescence traces", xlabel="Event time [µs]", ylabel="Fluorescence [a.u.]")
