"""Makes the misbehaving tasks known in this process; the sandboxed one imports what it is told."""

import dcor_shared.testing.misbehaviour  # noqa: F401
