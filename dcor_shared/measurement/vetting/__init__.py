"""The vetting walk: what a file may contain before any of its data are read."""

from __future__ import annotations

from dcor_shared.measurement.vetting.limits import VettingLimits
from dcor_shared.measurement.vetting.walk import vet

__all__ = ["VettingLimits", "vet"]
