"""The object store: names and URLs, client, presigning, uploads, public tag, bucket rules."""
