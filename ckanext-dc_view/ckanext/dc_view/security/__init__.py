"""What a browser may load on the site's pages: the header Content-Security-Policy."""
