"""HDF5 measurements: vetting, sandboxed reading, the record of a file, condensing."""
