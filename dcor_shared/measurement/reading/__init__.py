"""Reading the parts of a vetted file, each so that one bad part affects only itself."""
