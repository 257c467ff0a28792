"""A vetted file as a dclab dataset, for sandboxed processes only.

dclab's own class refuses a file because of one odd attribute, and looks for basins elsewhere.
This one takes a file that is open already, uses what can be used, and knows internal basins only.
"""

from __future__ import annotations

import warnings
from typing import Any

import h5py
from dclab.rtdc_dataset.core import RTDCBase
from dclab.rtdc_dataset.fmt_hdf5 import RTDC_HDF5
from dclab.rtdc_dataset.fmt_hdf5.events import H5ContourEvent, H5Events

from dcor_shared.measurement.errors import EventCountError, NoEventsError
from dcor_shared.measurement.reading.basins import INTERNAL_PATHS, read_basins
from dcor_shared.measurement.reading.metadata import read_configuration
from dcor_shared.measurement.vetting.contours import open_contour
from dcor_shared.measurement.vetting.datasets import check_storage


class _Contours:
    """The group of contours as dclab uses it; each is vetted when it is read."""

    def __init__(self, group: h5py.Group) -> None:
        self._group = group
        self.file = group.file

    def __len__(self) -> int:
        return len(self._group)

    def __getitem__(self, name: str) -> h5py.Dataset:
        return h5py.Dataset(open_contour(self._group.id, name))


class _Events(H5Events):  # type: ignore[misc]
    """Features of a vetted file."""

    def __getitem__(self, feature: str) -> Any:
        if feature == "contour" and feature not in self._cached_events:
            self._cached_events[feature] = H5ContourEvent(
                _Contours(self.h5file["events"][feature]),
                length=self.h5file.attrs.get("experiment:event count"),
            )
        found = self.h5file["events"].get(feature)
        if isinstance(found, h5py.Dataset):
            # looked at by the walk; but this is where bytes are read
            check_storage(found.id.get_create_plist(), f"'events/{feature}'")
        return super().__getitem__(feature)


class Vetted_HDF5(RTDC_HDF5):  # type: ignore[misc]  # noqa: N801 - dclab takes the format from it
    """A measurement in a vetted file.

    Attributes
    ----------
    notes
        What was left out, for people.
    basin_definitions
        All basin definitions of the file.
    usable_attributes
        Names of the root attributes that every dclab can open.
    """

    def __init__(self, h5file: h5py.File) -> None:
        # the constructor of RTDC_HDF5 would open the file itself
        RTDCBase.__init__(self, enable_basins=False)
        self.notes: list[str] = []
        self.path = "measurement"
        self.h5file = h5file
        self.h5kwargs: dict[str, Any] = {}
        self._events = _Events(h5file)
        self.config, self.usable_attributes = read_configuration(h5file, self.notes)
        self.basin_definitions = read_basins(h5file, self.notes)
        self.config["experiment"]["event count"] = self._count_events()

    def _count_events(self) -> int:
        """The stored number of events, or that of the first feature if nothing is stored."""
        if "events" not in self.h5file or not self.features_in_events:
            raise NoEventsError("The file has no events: it is no measurement.")
        count = int(self.config["experiment"].get("event count") or 0)
        if count <= 0:
            count = next((n for feat in self._scalars() if (n := len(self._events[feat]))), 0)
        if not count:
            raise NoEventsError("The measurement has no events.")
        return count

    def _scalars(self) -> list[str]:
        groups = {"contour", "trace"}
        return [feature for feature in self.features_in_events if feature not in groups]

    def check_event_count(self) -> None:
        """Refuse a number of events that no feature has: memory is taken for every event.

        Raises
        ------
        EventCountError
            If the number is too large.
        """
        claimed = self.config["experiment"]["event count"]
        events = self.h5file["events"]
        found = max((events[feature].shape[0] for feature in self._scalars()), default=claimed)
        if claimed > found:
            raise EventCountError(
                f"The file says that it has {claimed} events, but its features have {found}."
            )

    @property
    def hash(self) -> str:
        """Only used by dclab to name a logger."""
        return "vetted"

    @property
    def features_in_events(self) -> list[str]:
        """Features in ``events`` that dclab knows, without those known to be defective."""
        return sorted(self._events.keys())

    @property
    def features_stored(self) -> list[str]:
        """Features in the file, internal basins included, without those known to be defective."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return sorted({*self.features_in_events, *self.features_basin})

    def basins_get_dicts(self) -> list[dict[str, Any]]:
        """Definitions of internal basins; all others lead out of the file."""
        return [
            dict(basin)
            for basin in self.basin_definitions
            if basin["type"] == "internal"
            and basin.get("features")
            and basin.get("paths") == INTERNAL_PATHS
        ]

    def close(self) -> None:
        """Leave the file open: it belongs to whoever opened it."""
        RTDCBase.close(self)
