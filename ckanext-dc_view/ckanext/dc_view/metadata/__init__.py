"""Metadata of measurements for people: sections, labels, values, tables. Plain functions."""
