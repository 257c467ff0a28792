"""Parts of a condensed file; everything here runs in a sandbox only."""
