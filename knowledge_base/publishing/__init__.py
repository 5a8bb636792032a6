"""From files to the generation in use: ingest, uploads, drafts and upkeep."""
