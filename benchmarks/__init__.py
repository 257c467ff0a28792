"""Benchmarks: this code and its rival measured in turn, in one run, with values compared.

Every benchmark is a module with a function ``run() -> Outcome``; ``python -m benchmarks.run NAME``
runs the one in ``benchmarks/<NAME with underscores>.py``. Absolute times are printed, ratios count.
"""
