"""The commands of ``dcor``: they read options and print; the work is done elsewhere."""
