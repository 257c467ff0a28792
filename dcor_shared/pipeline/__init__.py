"""Processing steps of a resource: their declaration, states, runner, worker, reconciliation."""
