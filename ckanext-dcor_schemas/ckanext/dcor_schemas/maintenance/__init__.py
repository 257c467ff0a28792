"""The work behind the administrators' commands, as plain functions."""
