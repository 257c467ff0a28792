"""Uploads: allowed by an action, found on the object store, registered as resources.

``allow`` signs the URLs, ``ledger`` keeps the books in the database, ``mentioned`` finds the ids
in what a client sent, ``prepare`` looks at the object store before a transaction opens and
``registration`` fills the resource dictionaries inside of it.
"""
