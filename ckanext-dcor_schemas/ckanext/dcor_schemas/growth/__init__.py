"""Registering resources in time that hardly depends on how many a dataset has.

CKAN's ``package_revise`` reads, compares, dictizes, validates and indexes all resources of a
dataset for each one that is added. Here a request that only adds resources to a draft is answered
with the same result by looking at the new ones alone; docs/decisions/0030-fast-registration.md.

``request`` recognises such requests, ``present`` reads what is known of the dataset, ``shown``
makes of stored resources what the API shows, ``write`` does it. Whatever is unusual, and every
refusal, is left to CKAN's way: nothing was changed then.
"""
