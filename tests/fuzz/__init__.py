"""Mutation fuzzing of measurements: damaged in thousands of ways, none may do any harm.

``make fuzz`` (``FUZZ=20000`` for more) describes and condenses mutants of real and synthetic
measurements and counts what becomes of them. What a mutant is depends only on its number.
"""
