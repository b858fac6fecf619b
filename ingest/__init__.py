"""From the corpus folder to an index version; run from a checkout: python -m ingest."""
