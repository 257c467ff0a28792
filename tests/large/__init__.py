"""Large files; not part of ``make test``: ``make test-large``."""
