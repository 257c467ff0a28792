"""What benchmarks share: a served instance, clients that cost little, rivals."""
