"""Answers that are kept, and checked before they are sent again (decision 0021)."""
