"""Values of single features (``dcserv``, version 3): docs/decisions/0020-features-over-http.md."""
