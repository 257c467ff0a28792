"""Tests of the plugin ``dc_serve``."""
