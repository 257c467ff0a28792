"""Views of measurements: overview, metadata, logs and tables on the resource page."""
