"""The ``dcor`` command: set up, run, inspect and repair an instance."""
