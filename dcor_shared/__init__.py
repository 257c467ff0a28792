"""The core of the DCOR suite: measurements, objects and processing steps; it knows no web page."""
