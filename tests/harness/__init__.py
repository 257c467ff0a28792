"""The services that tests run against: started once, shared by all runs, isolated by names.

``python -m tests.harness run [pytest arguments]`` does everything; ``up`` and ``down`` are parts.
"""
