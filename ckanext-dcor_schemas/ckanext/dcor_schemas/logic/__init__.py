"""CKAN's logic layer: thin functions that check access and call the rooms of this plugin."""
