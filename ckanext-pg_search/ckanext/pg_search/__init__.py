"""CKAN's search on PostgreSQL instead of Solr."""
