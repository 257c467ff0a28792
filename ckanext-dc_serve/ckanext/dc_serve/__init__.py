"""Remote access to measurements: the dcserv API, download routes, condensed files."""
