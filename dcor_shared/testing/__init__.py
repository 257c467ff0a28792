"""Public helpers for demonstrations, tests and benchmarks."""
